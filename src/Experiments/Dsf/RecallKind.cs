namespace Attn.Experiments;

/// <summary>How the tokens of a <see cref="ShiftedRecallModel"/> are mixed.</summary>
public enum RecallKind
{
    /// <summary>softmax(q·k/√n).</summary>
    Softmax,

    /// <summary>Linear attention with elu + 1, rows summing to one.</summary>
    Linear,

    /// <summary>Normalised attention, q·k·exp(−n_i − 2) with n_i = w·e_i, w = 0 at first.</summary>
    Normalised,

    /// <summary>q·k with no normalisation at all.</summary>
    Unnormalised,

    /// <summary>SSD: q·k·Δ_j e^{−ΣΔ} with Δ_j = softplus(w·e_{j−1} − 2).</summary>
    Ssd,

    /// <summary>One learned weight a lag, the same for every sequence, and a skip: a time-invariant system, which cannot select.</summary>
    TimeInvariant,
}
