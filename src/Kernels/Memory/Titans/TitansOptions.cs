namespace Attn.Kernels;

/// <summary>How attention and memory are put together.</summary>
public enum TitansVariant
{
    /// <summary>Memory as context: attention over a segment reads what the memory recalls beside the segment itself, and its output is what the memory learns.</summary>
    Mac,

    /// <summary>Memory as gate: attention over a window and the memory run side by side, one gating the other.</summary>
    Mag,

    /// <summary>Memory as layer: the memory, then attention over a window.</summary>
    Mal,

    /// <summary>The memory alone.</summary>
    Lmm,
}

/// <summary>The shape of a Titans layer.</summary>
/// <param name="Dim">d, channels; a multiple of the heads.</param>
/// <param name="Heads">H.</param>
public sealed record TitansOptions(int Dim, int Heads = 1)
{
    /// <summary>Layers of the memory; 1 is a matrix.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>Width of a memory's hidden layers, in channels of a head.</summary>
    public int Expansion { get; init; } = 4;

    /// <summary>Tokens whose inner gradients are taken at the same weights.</summary>
    public int Chunk { get; init; } = 16;

    /// <summary>Tokens that the convolution after each projection sees.</summary>
    public int Convolution { get; init; } = 4;

    /// <summary>Tokens that attention sees: a sliding window, or for <see cref="TitansVariant.Mac"/> a segment.</summary>
    public int Window { get; init; } = 32;

    /// <summary>N_p, learned tokens before all others that do not depend on the input.</summary>
    public int Persistent { get; init; } = 4;

    /// <summary>
    /// <see cref="TitansVariant.Mac"/> alone: whether a token attends to what the memory recalls for all of its segment, later tokens included, as
    /// the paper draws it; else only to what it recalls for tokens so far, which makes the layer causal.
    /// </summary>
    public bool FullRecall { get; init; }
}
