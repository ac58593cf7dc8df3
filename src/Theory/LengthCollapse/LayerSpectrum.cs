namespace Attn.Theory.LengthCollapse;

/// <summary>What one layer's patterns do to the frequencies of its tokens, the mean over sequences and heads.</summary>
/// <param name="Layer">From 1.</param>
/// <param name="Dc">‖DC[A]‖²_F, the energy that white tokens (of energy 1 at each frequency) have left at frequency 0: 1 where all keys get as
/// much attention, more where some get more.</param>
/// <param name="Hc">‖HC[A]‖²_F/(n−1), the energy left at the others, per frequency: 0 for uniform attention, 1 for the identity.</param>
/// <param name="Sigma">σ_a = ‖HC[A]‖₂, the most that is left of any difference between tokens.</param>
/// <param name="Rollout">σ_a of the product of this layer's pattern and those before it, heads averaged: what the whole stack leaves
/// without residuals.</param>
/// <param name="Gain">The energy left by frequency, 0 to ⌊n/2⌋ turns over the places; its first is <paramref name="Dc"/>.</param>
public sealed record LayerSpectrum(int Layer, double Dc, double Hc, double Sigma, double Rollout, IReadOnlyList<double> Gain);
