using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// A short causal convolution, channel by channel: y_t = Σ_{j&lt;K} w_j ∘ x_{t−j} + b, with zeros before the first token.
/// <c>[B,T,d]</c> to <c>[B,T,d]</c>.
/// </summary>
public sealed class ShortConvolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _taps, _bias;

    /// <summary>A convolution with fresh weights, uniform up to 1/√K, and no bias at first.</summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="kernel">K, tokens it reaches over, its own among them.</param>
    /// <exception cref="ArgumentException">A size below 1.</exception>
    public ShortConvolution(int dim, int kernel = 3)
        : base(nameof(ShortConvolution))
    {
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(kernel, nameof(kernel));
        using var scope = NewDisposeScope();
        _taps = nn.Parameter((2 * rand(kernel, dim) - 1) / Math.Sqrt(kernel));
        _bias = nn.Parameter(zeros(dim));
        RegisterComponents();
        this.Keep();
    }

    /// <summary>w, <c>[K,d]</c>, from a token's own on backwards.</summary>
    public Parameter Taps => _taps;

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (length, kernel) = (x.size(1), _taps.size(0));
        var padded = nn.functional.pad(x, [0, 0, kernel - 1, 0]);
        var sum = Enumerable.Range(0, (int)kernel).Select(j => padded.narrow(1, kernel - 1 - j, length) * _taps[j]).Aggregate((a, b) => a + b);
        return (sum + _bias).MoveToOuterDisposeScope();
    }
}
