using static TorchSharp.torch;

namespace Attn.Theory.LengthCollapse;

/// <summary>Random logits of standard deviation σ_s, the settings of the laws of attenuation and entropy. All are float64.</summary>
public static class GaussianLogits
{
    /// <summary>Independent ones.</summary>
    /// <param name="rows">Queries.</param>
    /// <param name="keys">Keys.</param>
    /// <param name="sigma">σ_s.</param>
    /// <param name="seed">Fixes the draw.</param>
    /// <returns><c>[rows,keys]</c>.</returns>
    public static Tensor Iid(int rows, int keys, double sigma, long seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        return (sigma * randn([rows, keys], ScalarType.Float64, generator: generator)).MoveToOuterDisposeScope();
    }

    /// <summary>QKᵀ/√d of Gaussian queries and keys: of rank d at most.</summary>
    /// <param name="tokens">n.</param>
    /// <param name="dim">d.</param>
    /// <param name="sigma">σ_s; queries and keys have deviation √σ_s each.</param>
    /// <param name="seed">Fixes the draw.</param>
    /// <returns>Logits <c>[n,n]</c> and keys <c>[n,d]</c>.</returns>
    public static (Tensor Logits, Tensor Keys) OfRank(int tokens, int dim, double sigma, long seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Draw() => Math.Sqrt(sigma) * randn([tokens, dim], ScalarType.Float64, generator: generator);
        var (queries, keys) = (Draw(), Draw());
        return ((queries.matmul(keys.t()) / Math.Sqrt(dim)).MoveToOuterDisposeScope(), keys.MoveToOuterDisposeScope());
    }
}
