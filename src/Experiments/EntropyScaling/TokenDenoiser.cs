using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// As little as <see cref="TokenImages"/> can be denoised by: x̂₀ = xW_s + softmax(e^g λ(xW_q)(xW_k)ᵀ)(xW_v)W_o with 32 channels of queries and a
/// learned g for each level of noise.
/// </summary>
public sealed class TokenDenoiser : nn.Module
{
    private const int Hidden = 32;
    private readonly Parameter _skip, _query, _key, _value, _output, _gain;

    /// <summary>A model with fresh weights: W_s = 0.3·1, g = 0, W_o of variance 1/36, the others of 1/16.</summary>
    /// <param name="seed">Fixes them.</param>
    public TokenDenoiser(int seed)
        : base(nameof(TokenDenoiser))
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Parameter Map(int rows, int columns, double deviation) => nn.Parameter(deviation * randn([rows, columns], generator: generator));
        Parameter In() => Map(TokenImages.Dim, Hidden, 0.25);
        (_query, _key, _value, _output) = (In(), In(), In(), Map(Hidden, TokenImages.Dim, 1.0 / 6));
        (_skip, _gain) = (nn.Parameter(0.3 * eye(TokenImages.Dim)), nn.Parameter(zeros(TokenImages.Noises.Count)));
        RegisterComponents();
        this.Keep();
    }

    /// <summary>The denoised tokens, <c>[B,N,16]</c>, and the attention, <c>[B,N,N]</c>.</summary>
    /// <param name="images">The noisy ones.</param>
    /// <param name="factor">What logits at 1/√32 are multiplied with.</param>
    public (Tensor Tokens, Tensor Weights) Denoise(TokenImages images, double factor = 1)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = NewDisposeScope();
        var x = images.Noisy;
        var gain = _gain.index_select(0, images.Level).exp().view(-1, 1, 1) * (factor / Math.Sqrt(Hidden));
        var weights = (x.matmul(_query) * gain).matmul(x.matmul(_key).transpose(-2, -1)).softmax(-1);
        var tokens = x.matmul(_skip) + weights.matmul(x.matmul(_value)).matmul(_output);
        return (tokens.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope());
    }

    /// <summary>The mean squared errors of object and background, scalars.</summary>
    public static (Tensor Object, Tensor Background) Errors(Tensor tokens, TokenImages images)
    {
        using var scope = NewDisposeScope();
        var squares = (tokens - images.Clean).square();
        var background = squares.narrow(1, TokenImages.Object, squares.size(1) - TokenImages.Object);
        return (squares.narrow(1, 0, TokenImages.Object).mean().MoveToOuterDisposeScope(), background.mean().MoveToOuterDisposeScope());
    }
}
