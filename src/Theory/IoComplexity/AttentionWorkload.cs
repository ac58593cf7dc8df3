namespace Attn.Theory.IoComplexity;

/// <summary>The attention of a model, as an accelerator meets it.</summary>
/// <param name="Name">The model.</param>
/// <param name="Batch">B, sequences.</param>
/// <param name="Heads">H.</param>
/// <param name="Depth">E, of queries and keys.</param>
/// <param name="ValueDepth">F, of values.</param>
public sealed record AttentionWorkload(string Name, int Batch, int Heads, int Depth, int ValueDepth)
{
    /// <summary>BERT-base.</summary>
    public static AttentionWorkload Bert { get; } = new("BERT", 64, 12, 64, 64);

    /// <summary>Transformer-XL.</summary>
    public static AttentionWorkload TransformerXl { get; } = new("TrXL", 64, 16, 64, 64);

    /// <summary>T5.</summary>
    public static AttentionWorkload T5 { get; } = new("T5", 64, 8, 64, 64);

    /// <summary>XLM.</summary>
    public static AttentionWorkload Xlm { get; } = new("XLM", 64, 16, 128, 128);

    /// <summary>The four of the paper (arXiv 2406.10491, §6).</summary>
    public static IReadOnlyList<AttentionWorkload> All { get; } = [Bert, TransformerXl, T5, Xlm];

    /// <summary>The paper's six lengths, 1K … 1M.</summary>
    public static IReadOnlyList<int> Lengths { get; } = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20];

    /// <summary>B, sequences.</summary>
    public int Batch { get; } = Positive(Batch, nameof(Batch));

    /// <summary>H.</summary>
    public int Heads { get; } = Positive(Heads, nameof(Heads));

    /// <summary>E, of queries and keys.</summary>
    public int Depth { get; } = Positive(Depth, nameof(Depth));

    /// <summary>F, of values.</summary>
    public int ValueDepth { get; } = Positive(ValueDepth, nameof(ValueDepth));

    internal static int Positive(int value, string name) =>
        value >= 1 ? value : throw new ArgumentException($"{name}: got {value}, needs at least 1.", name);
}
