using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// Keys and values of an image of 14×14 tokens, 85 % of them one background with a little noise, the others all different and twice as large;
/// one key channel tells them apart, +3 on what stands out and −3 on the background. All queries point along that channel, by a dose.
/// </summary>
public sealed class SalientTokens
{
    private const int Tokens = 196, Salient = 29, Dim = 64, Marked = 3;
    private const double Background = 0.5, Noise = 0.05;
    private readonly Tensor _k, _v;

    /// <summary>One image.</summary>
    /// <param name="seed">Fixes it.</param>
    public SalientTokens(int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Normal(int rows) => randn([rows, Dim], ScalarType.Float64, generator: generator);
        Tensor Scene() => cat([Normal(Salient), Background * Normal(1) + Noise * Normal(Tokens - Salient)], 0);
        var (keys, values) = (Scene(), Scene());
        keys.narrow(0, 0, Salient).narrow(1, 0, 1).fill_(Marked);
        keys.narrow(0, Salient, Tokens - Salient).narrow(1, 0, 1).fill_(-Marked);
        _k = keys.view(1, 1, Tokens, Dim).DetachFromDisposeScope();
        _v = values.view(1, 1, Tokens, Dim).DetachFromDisposeScope();
    }

    /// <summary>The effective rank of RALA's key-value buffer, and how many tokens it effectively is a mean of, 1/Σp² with p = α/N.</summary>
    /// <param name="dose">g: the global query is g·√D in the marked channel, so that logits are g·κ(k); 0 weighs all tokens alike.</param>
    /// <param name="shuffled">Whether the marks are dealt anew, so that they tell nothing.</param>
    public (double Rank, double SampleSize) Buffer(double dose, bool shuffled = false)
    {
        using var scope = NewDisposeScope();
        var query = zeros_like(_k);
        query.narrow(3, 0, 1).fill_(dose * Math.Sqrt(Dim));
        var keys = _k;
        if (shuffled)
        {
            using var generator = new Generator(5UL, CPU);
            keys = cat([_k.narrow(3, 0, 1).index_select(2, randperm(Tokens, generator: generator)), _k.narrow(3, 1, Dim - 1)], 3);
        }
        var shares = Rala.Alpha(query, keys) / Tokens;
        return (RankDiagnostics.Effective(Rala.KvBuffer(query, keys, _v)).item<double>(), 1 / shares.square().sum().item<double>());
    }
}
