using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// A stream of 64 pairs, read once; the keys of pairs that are 24 to 55 pairs old are asked for, and the answer is the nearest of all 64 values,
/// which are of unit length.
/// </summary>
public static class AgedRecall
{
    /// <summary>Pairs of a stream.</summary>
    public const int Pairs = 64;

    private const int Youngest = 24, Oldest = 55;

    /// <summary>The share of right answers of a matrix memory, one number a stream.</summary>
    /// <param name="dim">Channels.</param>
    /// <param name="rule">How the memory learns.</param>
    /// <param name="seeds">One stream a seed.</param>
    /// <param name="shuffled">Whether values are compared with those of another pair: a control, of which nothing can be right but by chance.</param>
    public static double[] OfMemory(int dim, MemoryRule rule, IReadOnlyList<int> seeds, bool shuffled = false)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = Unit(dim, seeds);
        return Right(Asked(keys).matmul(MemoryStream.Memory(keys, values, rule)), shuffled ? values.roll(7, 2) : values);
    }

    /// <summary>The same of softmax attention over the last pairs alone.</summary>
    /// <param name="dim">Channels.</param>
    /// <param name="window">How many pairs are seen.</param>
    /// <param name="seeds">One stream a seed.</param>
    public static double[] OfWindow(int dim, int window, IReadOnlyList<int> seeds)
    {
        using var scope = NewDisposeScope();
        var (keys, values) = Unit(dim, seeds);
        var start = Pairs - window;
        return Right(Softmax.Plain(Asked(keys), keys.narrow(2, start, window), values.narrow(2, start, window), scale: 10), values);
    }

    private static (Tensor Keys, Tensor Values) Unit(int dim, IReadOnlyList<int> seeds)
    {
        var (keys, values) = MemoryStream.Pairs(Pairs, dim, seeds);
        return (keys, nn.functional.normalize(values, dim: -1));
    }

    private static Tensor Asked(Tensor keys) => keys.narrow(2, Pairs - 1 - Oldest, Oldest - Youngest + 1);

    private static double[] Right(Tensor answers, Tensor values)
    {
        var nearest = answers.matmul(values.transpose(2, 3)).argmax(-1);
        var place = arange(Pairs - 1 - Oldest, Pairs - Youngest, ScalarType.Int64);
        return nearest.eq(place).to(ScalarType.Float64).mean([0, 2]).data<double>().ToArray();
    }
}
