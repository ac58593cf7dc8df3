namespace Attn.Theory.EntropyBounds;

/// <summary>The entropy of one head's attention beside its lower bound, over all rows that see two keys or more. Nats.</summary>
/// <param name="Head">The head's number, from 0.</param>
/// <param name="Mean">The mean entropy of a row: the paper's measure of collapse.</param>
/// <param name="Least">The least entropy of a row.</param>
/// <param name="Bound">The mean of the rows' bounds B(T_i, r_i).</param>
/// <param name="Margin">The least difference of a row's entropy and its bound: never below 0 but for rounding.</param>
/// <param name="RowNorm">The largest r_i = ‖L_i − mean L_i‖₂.</param>
/// <param name="LargestLogit">The largest |L_ij|; null where a pattern was given, which fixes logits but for a shift of each row.</param>
/// <param name="Rows">How many rows there are; 0 makes all the others 0.</param>
public sealed record HeadReading(
    int Head, double Mean, double Least, double Bound, double Margin, double RowNorm, double? LargestLogit, long Rows);
