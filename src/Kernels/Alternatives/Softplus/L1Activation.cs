namespace Attn.Kernels;

/// <summary>The non-linearity φ between scores and weights.</summary>
public enum L1Activation
{
    /// <summary>e^x: with the ℓ1 norm, the softmax.</summary>
    Exp,

    /// <summary>ln(1 + e^x).</summary>
    Softplus,

    /// <summary>1/(1 + e^−x).</summary>
    Sigmoid,

    /// <summary>max(x, 0).</summary>
    Relu,
}
