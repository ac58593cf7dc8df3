namespace Attn.Experiments;

/// <summary>Spectral norms of what makes a layer's logits.</summary>
/// <param name="Query">σ(W_Q), as used.</param>
/// <param name="Key">σ(W_K), as used.</param>
/// <param name="Product">The largest ‖W_K W_Qᵀ‖₂/√d_k of a head: the σ of Theorem 3.1.</param>
/// <param name="Gamma">γ of the queries' map; null where it is plain.</param>
public sealed record MapNorms(double Query, double Key, double Product, double? Gamma);
