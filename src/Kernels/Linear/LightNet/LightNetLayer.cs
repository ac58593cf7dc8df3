using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// LightNet's token mixer, <c>[B,T,d]</c> to <c>[B,T,d]</c>: q through SiLU, k and v as they are, attention with additive decay and scale D^−½,
/// heads joined, a norm, a gate SiLU(xW_1W_2) of low rank, projected out. No biases.
/// </summary>
public sealed class LightNetLayer : nn.Module<Tensor, Tensor>
{
    private readonly int _headDim;
    private readonly bool _causal;
    private readonly Linear _query, _key, _value, _gateDown, _gateUp, _output;

    /// <summary>A layer with fresh weights.</summary>
    /// <param name="dim">d, channels; a multiple of <paramref name="headDim"/>.</param>
    /// <param name="headDim">Channels of a head, and the rank of the gate: 128 in the released layers.</param>
    /// <param name="causal">Whether a token sees only what came before it.</param>
    /// <exception cref="ArgumentException">Channels that are no multiple of a head's.</exception>
    public LightNetLayer(int dim, int headDim, bool causal)
        : base(nameof(LightNetLayer))
    {
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(headDim, nameof(headDim));
        if (dim % headDim != 0)
            Arguments.Fail(nameof(dim), $"{dim} channels", $"a multiple of {headDim}, the channels of a head");
        Linear Projection(int from, int to) => nn.Linear(from, to, hasBias: false);
        (_headDim, _causal) = (headDim, causal);
        (_query, _key, _value, _output) = (Projection(dim, dim), Projection(dim, dim), Projection(dim, dim), Projection(dim, dim));
        (_gateDown, _gateUp) = (Projection(dim, headDim), Projection(headDim, dim));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Heads(nn.functional.silu(_query.call(x))), Heads(_key.call(x)), Heads(_value.call(x)));
        var attended = LightNet.Chunked(q, k, v, _causal, scale: 1 / Math.Sqrt(_headDim)).Output;
        var gate = nn.functional.silu(_gateUp.call(_gateDown.call(x)));
        return _output.call(SimpleRmsNorm.Apply(attended.transpose(1, 2).flatten(2, 3)) * gate).MoveToOuterDisposeScope();
    }

    private Tensor Heads(Tensor projected) =>
        projected.reshape(projected.size(0), projected.size(1), projected.size(2) / _headDim, _headDim).transpose(1, 2);
}
