using static TorchSharp.torch;

namespace Attn.Theory.Injectivity;

/// <summary>A feature map with what makes two queries one for linear attention, whatever the keys.</summary>
/// <param name="Name">The map's name.</param>
/// <param name="Features">φ, along the last dimension.</param>
/// <param name="Partner">From p <c>[d]</c> and α ≠ 1, another query q with φ(q) = αφ(p), or φ(q) = φ(p) where φ repeats itself.</param>
public sealed record CollidingMap(string Name, Func<Tensor, Tensor> Features, Func<Tensor, double, Tensor> Partner)
{
    /// <summary>Where the construction asks more of p than a number in each channel; everything when null.</summary>
    public Func<Tensor, bool>? Suits { get; init; }

    /// <summary>Whether φ itself gives both queries the same features, so that no attention made of φ can tell them apart.</summary>
    public bool Repeats { get; init; }

    /// <summary>α for which the partner is near p, where the construction searches for it; any other α will do when null.</summary>
    public double? Alpha { get; init; }

    /// <summary>The first of a series of standard normal draws that suits.</summary>
    /// <param name="dim">d.</param>
    /// <param name="seed">Fixes the series.</param>
    /// <returns><c>[d]</c>, float64.</returns>
    /// <exception cref="ArgumentException">None of ten thousand draws suits.</exception>
    public Tensor Draw(int dim, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        for (var attempt = 0; attempt < 10_000; attempt++)
        {
            var p = randn(dim, ScalarType.Float64, generator: generator);
            if (Suits is null || Suits(p))
                return p;
            p.Dispose();
        }

        throw new ArgumentException($"dim: got {dim}, needs one for which {Name} has a partner to a normal draw.", nameof(dim));
    }
}
