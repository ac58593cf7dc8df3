using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The gated short convolution of BASED's other layers (BaseConv), y = conv(xW_u + b_u) ∘ (xW_v + b_v), projected back where it is wider
/// than its input. <c>[B,T,d]</c> to <c>[B,T,d]</c>, causal (Arora et al. 2024, arXiv 2402.18668).
/// </summary>
public sealed class GatedShortConvolution : nn.Module<Tensor, Tensor>
{
    private readonly Linear _convolved, _gate;
    private readonly Linear? _output;
    private readonly ShortConvolution _convolution;

    /// <summary>A layer with fresh weights.</summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="kernel">Tokens that the convolution reaches over.</param>
    /// <param name="expand">Inner channels for each outer one: 1 as the formula is written, 4 in the released models.</param>
    /// <exception cref="ArgumentException">A size below 1.</exception>
    public GatedShortConvolution(int dim, int kernel = 3, int expand = 1)
        : base(nameof(GatedShortConvolution))
    {
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(expand, nameof(expand));
        (_convolved, _gate) = (nn.Linear(dim, expand * dim), nn.Linear(dim, expand * dim));
        _convolution = new(expand * dim, kernel);
        _output = expand == 1 ? null : nn.Linear(expand * dim, dim);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var mixed = _convolution.call(_convolved.call(x)) * _gate.call(x);
        return (_output?.call(mixed) ?? mixed).MoveToOuterDisposeScope();
    }
}
