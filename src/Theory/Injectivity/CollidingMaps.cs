using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Attn.Theory.Injectivity;

/// <summary>
/// Feature maps as wide as their input, for each of which linear attention confuses queries: Proposition 2 of InLine (Han et al. 2024)
/// with a construction for each map. What makes p and q collide is a ray: φ(q) = αφ(p), α > 0.
/// </summary>
public static class CollidingMaps
{
    private const double Rate = 0.2; // exp(0.2x) is one of InLine's own kernels.
    private const double NearAlpha = 1.25;

    /// <summary>Every map; those with matrices have them drawn for <paramref name="dim"/> channels.</summary>
    /// <param name="dim">d.</param>
    /// <param name="seed">Fixes the matrices.</param>
    public static IReadOnlyList<CollidingMap> All(int dim, int seed) =>
    [
        Homogeneous("identity", x => x.alias()),
        Homogeneous("ReLU", x => relu(x)),
        Homogeneous("LeakyReLU", x => leaky_relu(x, 0.1)),
        Homogeneous("ReLU²", x => relu(x).square(), degree: 2),
        Homogeneous("focused, degree 3", Focused),
        new("ELU + 1", x => elu(x, 1) + 1, (p, alpha) => EluInverse((elu(p, 1) + 1) * alpha)),
        new("exp(0.2x)", x => (Rate * x).exp(), (p, alpha) => p + Math.Log(alpha) / Rate),
        new("softplus", x => softplus(x), (p, alpha) => (softplus(p) * alpha).expm1().log()),
        AffineRelu(dim, seed),
        Searched("SiLU", x => silu(x)),
        Searched("GELU", x => gelu(x)),
        Searched("exp(MLP)", Network(dim, seed)),
        new("Hedgehog [softmax(x), softmax(−x)]", x => cat([x.softmax(-1), (-x).softmax(-1)], -1), (p, alpha) => p + alpha) { Repeats = true },
    ];

    /// <summary>φ(cx) = cᵈφ(x) for c > 0: the partner of p is a multiple of it.</summary>
    private static CollidingMap Homogeneous(string name, Func<Tensor, Tensor> features, double degree = 1) =>
        new(name, features, (p, alpha) => Math.Pow(alpha, 1 / degree) * p);

    /// <summary>The focused map of FLatten: ReLU(x) raised to the third power and given its old length back.</summary>
    private static Tensor Focused(Tensor x)
    {
        var positive = relu(x);
        var cubed = positive.pow(3);
        return cubed * positive.norm(-1, keepdim: true) / cubed.norm(-1, keepdim: true).clamp_min(1e-300);
    }

    private static Tensor EluInverse(Tensor y) => where(y > 1, y - 1, y.log());

    /// <summary>ReLU(Ax + b): where all is positive, q = A⁻¹(α(Ap + b) − b), which is no multiple of p.</summary>
    private static CollidingMap AffineRelu(int dim, int seed)
    {
        var (matrix, offset) = (Matrix(dim, seed), Normal(seed + 1, dim).abs());
        var inverse = linalg.inv(matrix);
        Tensor Affine(Tensor x) => x.matmul(matrix.t()) + offset;
        return new("ReLU(Ax + b)", x => relu(Affine(x)), (p, alpha) => (alpha * Affine(p) - offset).matmul(inverse.t()))
        {
            Suits = p => (Affine(p) > 0.1).all().item<bool>(),
        };
    }

    /// <summary>A smooth map that can be inverted near p: Newton's method follows αφ(p) from α = 1 on.</summary>
    private static CollidingMap Searched(string name, Func<Tensor, Tensor> features) =>
        new(name, features, (p, alpha) => NewtonInverse.Follow(features, p, alpha) ?? throw new ArgumentException(
            $"p: got a point from which {name} cannot be followed, needs one that suits.", nameof(p)))
        {
            Alpha = NearAlpha,
            Suits = p => Invertible(features, p) && Follows(features, p),
        };

    private static bool Follows(Func<Tensor, Tensor> features, Tensor p)
    {
        using var found = NewtonInverse.Follow(features, p, NearAlpha);
        return found is not null;
    }

    private static bool Invertible(Func<Tensor, Tensor> features, Tensor p)
    {
        using var scope = NewDisposeScope();
        return linalg.svdvals(Diff.Jacobian(features, p)).min().item<double>() > 0.1;
    }

    private static Func<Tensor, Tensor> Network(int dim, int seed)
    {
        var (first, second) = (Matrix(dim, seed + 2), Matrix(dim, seed + 3));
        return x => x.matmul(first.t()).tanh().matmul(second.t()).exp();
    }

    /// <summary>The identity and some noise: a matrix that is safely invertible.</summary>
    private static Tensor Matrix(int dim, int seed)
    {
        using var scope = NewDisposeScope();
        return (eye(dim, dtype: ScalarType.Float64) + 0.3 * Normal(seed, dim, dim) / Math.Sqrt(dim)).MoveToOuterDisposeScope();
    }

    private static Tensor Normal(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randn(shape, ScalarType.Float64, generator: generator);
    }
}
