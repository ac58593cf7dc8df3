namespace Attn.Kernels;

/// <summary>Where the learned gain γ of a σReparam layer starts.</summary>
public enum SigmaGain
{
    /// <summary>γ = 1: Ŵ has spectral norm one at first (the paper, and its code for speech).</summary>
    One,

    /// <summary>γ = σ(W): Ŵ is W at first (the published code for vision).</summary>
    InitialSigma,
}
