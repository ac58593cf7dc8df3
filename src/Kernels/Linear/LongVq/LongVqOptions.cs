namespace Attn.Kernels;

/// <summary>What the attention of a LongVQ layer scores.</summary>
public enum LongVqKeys
{
    /// <summary>Codes: the layer itself.</summary>
    Quantised,

    /// <summary>Keys as they are: what codes stand for.</summary>
    Exact,

    /// <summary>Keys as they are, of the window alone.</summary>
    ExactInWindow,

    /// <summary>Nothing: the layer without attention.</summary>
    None,
}

/// <summary>The shape of a LongVQ layer.</summary>
/// <param name="Dim">d, channels; a multiple of the heads.</param>
/// <param name="Heads">H.</param>
public sealed record LongVqOptions(int Dim, int Heads = 1)
{
    /// <summary>z, channels of a key, and of what queries and keys share.</summary>
    public int KeyDim { get; init; } = 16;

    /// <summary>S, codes of a head.</summary>
    public int Codes { get; init; } = 64;

    /// <summary>W, tokens with a learned bias for their distance; 0 for no window.</summary>
    public int Window { get; init; } = 8;

    /// <summary>Memories of the moving average a channel; 0 leaves it out, and queries and keys see their own token alone.</summary>
    public int Order { get; init; } = 4;

    /// <summary>What attention scores.</summary>
    public LongVqKeys Keys { get; init; } = LongVqKeys.Quantised;

    /// <summary>Whether keys are layer-normalised, so that codes need not chase their length.</summary>
    public bool NormaliseKeys { get; init; } = true;

    /// <summary>Whether the codebook follows the keys of each training batch.</summary>
    public bool UpdateCodes { get; init; } = true;

    /// <summary>Fixes the moving averages and the first codes.</summary>
    public long Seed { get; init; } = 1;
}
