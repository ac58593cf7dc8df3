using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// An attention head to imitate: tokens are one of eight cluster centres in 16 dimensions with noise, q = 1.5 xM, k = 1.5 x(M + 0.3 M′). Like
/// tokens look at each other, so that its softmax is spiky.
/// </summary>
public sealed class SyntheticHead : IDisposable
{
    /// <summary>Channels of queries and keys.</summary>
    public const int Dim = 16;

    private const int Clusters = 8;
    private const double Sharpness = 1.5, Skew = 0.3, Noise = 0.5;
    private readonly Tensor _centres, _query, _key;

    /// <summary>A head of random clusters and maps, whose entries have deviation 1 and 1/√16.</summary>
    /// <param name="seed">Fixes it.</param>
    public SyntheticHead(int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var (map, skew) = (randn([Dim, Dim], generator: generator) / 4, randn([Dim, Dim], generator: generator) / 4);
        _centres = randn([Clusters, Dim], generator: generator).DetachFromDisposeScope();
        _query = (Sharpness * map).DetachFromDisposeScope();
        _key = (Sharpness * (map + Skew * skew)).DetachFromDisposeScope();
    }

    /// <summary>Draws sequences.</summary>
    /// <param name="batch">B.</param>
    /// <param name="length">T.</param>
    /// <param name="generator">The source of the draw.</param>
    /// <returns>Queries and keys <c>[B,1,T,16]</c>, float32.</returns>
    public (Tensor Q, Tensor K) Sample(int batch, int length, Generator generator)
    {
        using var scope = NewDisposeScope();
        var clusters = randint(0, Clusters, [batch * length], dtype: ScalarType.Int64, generator: generator);
        var noise = Noise * randn([batch, 1, length, Dim], generator: generator);
        var x = _centres.index_select(0, clusters).view(batch, 1, length, Dim) + noise;
        return (x.matmul(_query).MoveToOuterDisposeScope(), x.matmul(_key).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _centres.Dispose();
        _query.Dispose();
        _key.Dispose();
    }
}
