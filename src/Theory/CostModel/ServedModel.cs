namespace Attn.Theory.CostModel;

/// <summary>The sizes of a decoder-only transformer that say what a step of decoding costs.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="WeightBytes">Bytes of its weights.</param>
/// <param name="Layers">L.</param>
/// <param name="Width">d, of the residual stream.</param>
/// <param name="Inner">Width of the feed-forward part, of three matrices.</param>
/// <param name="Group">G, query heads that share one head of keys and values; 1 is multi-head attention.</param>
/// <param name="ElementBytes">e, bytes of a number.</param>
public sealed record ServedModel(string Name, double WeightBytes, int Layers, int Width, int Inner, int Group, int ElementBytes = 2)
{
    /// <summary>The paper's model of 33 billion parameters (arXiv 2405.01814v2, Table 3).</summary>
    public static ServedModel B33 { get; } = new("33B", 64.7e9, 60, 6656, 17920, 1);

    /// <summary>The paper's model of 65 billion parameters.</summary>
    public static ServedModel B65 { get; } = new("65B", 130.1e9, 80, 8192, 22016, 1);

    /// <summary>The paper's model of 70 billion parameters, whose eight query heads share one of keys and values.</summary>
    public static ServedModel B70 { get; } = new("70B", 137.5e9, 80, 8192, 28672, 8);

    /// <summary>N.</summary>
    public double Parameters => WeightBytes / ElementBytes;

    /// <summary>What cross the link per layer and request: q and o of d numbers, k and v of d/G, in bytes.</summary>
    public double LinkBytes => (2 + 2.0 / Group) * Width * ElementBytes;

    /// <summary>The part of a layer's arithmetic that projects keys and values.</summary>
    public double KeyValueShare
    {
        get
        {
            double width = Width;
            var keysAndValues = 2 * width * width / Group;
            return keysAndValues / (keysAndValues + 2 * width * width + 3 * width * Inner);
        }
    }

    /// <summary>Bytes of the cache of one request: 2e(d/G)L·l.</summary>
    /// <param name="context">l, tokens.</param>
    public double CacheBytes(double context) => 2.0 * ElementBytes * Width / Group * Layers * Positive(context, nameof(context));

    /// <summary>Operations per byte of the linear layers in one step of decoding: 2NB/(e(N + 2Bd)). Grows with the batch.</summary>
    /// <param name="batch">B, requests.</param>
    public double LinearIntensity(double batch) =>
        2 * Parameters * Positive(batch, nameof(batch)) / (ElementBytes * (Parameters + 2 * batch * Width));

    /// <summary>Operations per byte of attention in one step of decoding: 4dLl/(cache of l). The same for every batch and context.</summary>
    /// <param name="batch">B, requests.</param>
    /// <param name="context">l, tokens.</param>
    public double AttentionIntensity(double batch, double context) =>
        Positive(batch, nameof(batch)) * 4 * Width * Layers * context / (batch * CacheBytes(context));

    internal static double Positive(double value, string name) => value > 0 && double.IsFinite(value)
        ? value
        : throw new ArgumentException($"{name}: got {value}, needs a finite number above 0.", name);
}
