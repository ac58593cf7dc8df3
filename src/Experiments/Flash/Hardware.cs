namespace Attn.Experiments;

/// <summary>A device as the roofline model sees it, by its published peak rates.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Flops">Floating-point operations a second, half precision on matrix units where it has them.</param>
/// <param name="Bytes">Bytes a second between slow memory and the chip.</param>
/// <param name="SramBytes">Fast memory of one core or multiprocessor, bytes.</param>
/// <param name="ElementBytes">Bytes an element takes.</param>
public sealed record Hardware(string Name, double Flops, double Bytes, long SramBytes, int ElementBytes)
{
    /// <summary>Two laptop cores with float32, and three generations of data-centre GPUs with 16-bit numbers.</summary>
    public static IReadOnlyList<Hardware> Known { get; } =
    [
        new("A100", 312e12, 1.555e12, 192 << 10, 2),
        new("H100", 989e12, 3.35e12, 228 << 10, 2),
        new("T4", 65e12, 0.32e12, 64 << 10, 2),
        new("laptop", 0.2e12, 0.03e12, 1 << 20, 4),
    ];

    /// <summary>M, elements of fast memory.</summary>
    public long SramElements => SramBytes / ElementBytes;

    /// <summary>Operations a byte above which arithmetic is the limit and below which traffic is.</summary>
    public double Ridge => Flops / Bytes;

    /// <summary>The rate that an algorithm of some intensity (operations a byte) can reach at best, operations a second.</summary>
    public double Attainable(double intensity) => Math.Min(Flops, intensity * Bytes);

    /// <summary>The least time that the work takes, seconds: arithmetic or traffic, whichever is longer.</summary>
    /// <param name="operations">Floating-point operations.</param>
    /// <param name="elements">Elements that cross slow memory.</param>
    public double Seconds(double operations, double elements) => Math.Max(operations / Flops, elements * ElementBytes / Bytes);

    /// <summary>Operations a byte of traffic.</summary>
    /// <inheritdoc cref="Seconds"/>
    public double Intensity(double operations, double elements) => operations / (elements * ElementBytes);
}
