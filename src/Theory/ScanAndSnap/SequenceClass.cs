namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// One class of sequences: its context tokens are drawn independently from one distribution, then come its query token and its next token.
/// </summary>
/// <param name="Tokens">The ids of the tokens that occur in the context, P(l|n) &gt; 0, in increasing order.</param>
/// <param name="Probabilities">P(l|n) of each of <paramref name="Tokens"/>; they sum to 1.</param>
/// <param name="Query">The id m = ψ(n) of the last context token, whose attention is trained.</param>
/// <param name="Next">The id n of the token to predict.</param>
public sealed record SequenceClass(IReadOnlyList<int> Tokens, IReadOnlyList<double> Probabilities, int Query, int Next);
