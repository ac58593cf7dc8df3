using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The directions of random features: blocks of D orthogonal rows, each as long as a normal vector of D channels, so that a row alone is
/// standard normal (Choromanski et al. 2021, §2.4). A seed fixes them.
/// </summary>
public static class RandomProjections
{
    private static readonly ConcurrentDictionary<(int Dim, int Count, int Seed, bool Orthogonal), double[]> Drawn = new();

    /// <summary>m = ⌈D·ln D⌉, at least D: the number that keeps the error of softmax estimates even as heads grow wider.</summary>
    public static int Count(int dim) => Math.Max(dim, (int)Math.Ceiling(dim * Math.Log(dim)));

    /// <summary>Directions, drawn once for each set of arguments.</summary>
    /// <param name="dim">D.</param>
    /// <param name="count">m.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="dtype">A floating dtype.</param>
    /// <param name="device">Where they are put; host memory when null.</param>
    /// <param name="orthogonal">Whether the rows of a block are orthogonal; else all are drawn each for itself.</param>
    /// <returns><c>[m,D]</c>.</returns>
    /// <exception cref="ArgumentException">A size below 1.</exception>
    public static Tensor Draw(int dim, int count, int seed, ScalarType dtype, Device? device = null, bool orthogonal = true)
    {
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(count, nameof(count));
        using var scope = NewDisposeScope();
        var numbers = Drawn.GetOrAdd((dim, count, seed, orthogonal), Numbers);
        return tensor(numbers).reshape(count, dim).to(dtype).to(device ?? CPU).MoveToOuterDisposeScope();
    }

    private static double[] Numbers((int Dim, int Count, int Seed, bool Orthogonal) key)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)key.Seed, CPU);
        Tensor Normal(long rows) => randn([rows, key.Dim], ScalarType.Float64, generator: generator);
        var directions = Normal(key.Count);
        if (key.Orthogonal)
        {
            var blocks = (key.Count + key.Dim - 1) / key.Dim;
            var bases = cat([.. Enumerable.Range(0, blocks).Select(_ => Rotation(Normal(key.Dim)))], 0);
            directions = bases.narrow(0, 0, key.Count) * directions.norm(1, keepdim: true);
        }
        return directions.contiguous().data<double>().ToArray();
    }

    /// <summary>Orthogonal rows in uniformly random directions. A factorisation alone favours some: the signs of its first entries are not random.</summary>
    private static Tensor Rotation(Tensor normal)
    {
        var (q, r) = linalg.qr(normal);
        return (q * r.diag().sign()).t();
    }
}
