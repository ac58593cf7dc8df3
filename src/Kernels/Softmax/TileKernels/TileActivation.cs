namespace Attn.Kernels;

/// <summary>What the <see cref="TileKernels"/> make of scores.</summary>
internal enum TileActivation
{
    /// <summary>1/(1 + e^−x), rows free in their sum.</summary>
    Sigmoid,

    /// <summary>e^x over its row's sum.</summary>
    Softmax,

    /// <summary>ln(1 + e^x) over its row's sum.</summary>
    Softplus,
}
