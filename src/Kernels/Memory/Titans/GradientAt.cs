namespace Attn.Kernels;

/// <summary>The memory at which a token's gradient is taken.</summary>
public enum GradientAt
{
    /// <summary>The memory before the token: the update as the paper defines it.</summary>
    Previous,

    /// <summary>The memory before the token's chunk: an approximation, in which all gradients of a chunk are known at once; what is trained.</summary>
    ChunkStart,

    /// <summary>An empty memory: nothing is predicted, and values are added up as in linear attention (Hebb's rule).</summary>
    Zero,
}
