using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>One head of attention over <c>[B,T,d]</c>, projected in and out.</summary>
internal sealed class StackedRecallLayer : nn.Module<Tensor, Tensor>
{
    private const int KeyDim = 16, Window = 4;
    private readonly AttentionCore _core;
    private readonly Linear _query, _key, _value, _output;
    private readonly Parameter? _bias;

    public StackedRecallLayer(int dim, RecallLayer kind)
        : base(nameof(StackedRecallLayer))
    {
        Linear Projection(int outputs) => nn.Linear(dim, outputs, hasBias: false);
        (_query, _key, _value, _output) = (Projection(KeyDim), Projection(KeyDim), Projection(dim), Projection(dim));
        _bias = kind == RecallLayer.Window ? nn.Parameter(zeros(1, Window)) : null;
        _core = kind switch
        {
            RecallLayer.Window => (q, k, v) => SlidingWindow.Plain(q, k, v, Window, distanceBias: _bias).Output,
            RecallLayer.Softmax => RecallMixer.Softmax(KeyDim).Core,
            _ => RecallMixer.Taylor(KeyDim).Core,
        };
        RegisterComponents();
        this.Keep();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor Head(Linear map) => map.call(x).unsqueeze(1);
        return _output.call(_core(Head(_query), Head(_key), Head(_value)).squeeze(1)).MoveToOuterDisposeScope();
    }
}
