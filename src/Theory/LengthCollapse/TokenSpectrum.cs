using static TorchSharp.torch;

namespace Attn.Theory.LengthCollapse;

/// <summary>
/// Tokens seen as a signal over their places (Zhou et al. 2024, arXiv 2410.24200): DC[x] = (1/n)11ᵀx is what all tokens share, the frequency
/// 0; HC[x] = x − DC[x] all else. The axis is that of tokens, never that of channels.
/// </summary>
/// <remarks>Shapes are <c>[…,n,d]</c>, n tokens of d channels; results are float64 and differentiable.</remarks>
public static class TokenSpectrum
{
    /// <summary>DC[x]: the mean token, at every place.</summary>
    /// <param name="x"><c>[…,n,d]</c>.</param>
    /// <returns>As <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions, or no token.</exception>
    public static Tensor Dc(Tensor x)
    {
        Validate(x);
        using var scope = NewDisposeScope();
        return Mean(x).expand_as(x).MoveToOuterDisposeScope();
    }

    /// <summary>HC[x] = x − DC[x]: how tokens differ.</summary>
    /// <inheritdoc cref="Dc"/>
    public static Tensor Hc(Tensor x)
    {
        Validate(x);
        using var scope = NewDisposeScope();
        return (x.to(ScalarType.Float64) - Mean(x)).MoveToOuterDisposeScope();
    }

    /// <summary>‖HC[x]‖_F / ‖DC[x]‖_F of each matrix: 0 where all tokens are one.</summary>
    /// <param name="x"><c>[…,n,d]</c>.</param>
    /// <returns><c>[…]</c>.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions, or no token.</exception>
    public static Tensor Ratio(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (Norm(Hc(x)) / Norm(Dc(x))).MoveToOuterDisposeScope();
    }

    /// <summary>The energy at each frequency over places, 0 to ⌊n/2⌋ turns, summed over channels. Together they are ‖x‖²_F, the first is ‖DC[x]‖²_F.</summary>
    /// <param name="x"><c>[…,n,d]</c>.</param>
    /// <returns><c>[…,⌊n/2⌋+1]</c>.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions, or no token.</exception>
    public static Tensor Energy(Tensor x)
    {
        Validate(x);
        using var scope = NewDisposeScope();
        var tokens = x.size(-2);
        var energy = fft.rfft(x.to(ScalarType.Float64), dim: -2).abs().square().sum(-1) / tokens;
        // A real signal has each frequency twice, but for 0 and, where n is even, n/2.
        var twice = arange(tokens / 2 + 1, ScalarType.Int64, x.device);
        return (energy * (1 + ((twice > 0) & (2 * twice != tokens)).to(ScalarType.Float64))).MoveToOuterDisposeScope();
    }

    /// <summary>‖x‖_F of each matrix, <c>[…]</c>.</summary>
    internal static Tensor Norm(Tensor x) => linalg.vector_norm(x, dims: [-2, -1]);

    private static Tensor Mean(Tensor x) => x.to(ScalarType.Float64).mean([-2], keepdim: true);

    private static void Validate(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() < 2 || x.size(-2) == 0)
            throw new ArgumentException($"x: got [{string.Join(",", x.shape)}], needs […,n,d] with a token.", nameof(x));
    }
}
