using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>A channel mixer, ((xW_v) ∘ (xW_u))W_o: TransNormerLLM's gated linear unit without activation, or one with Swish on u.</summary>
internal sealed class SimpleGlu : nn.Module<Tensor, Tensor>
{
    private readonly Linear _value, _gate, _output;
    private readonly bool _swish;

    public SimpleGlu(int dim, int hidden, bool swish)
        : base(nameof(SimpleGlu))
    {
        (_value, _gate, _output) = (nn.Linear(dim, hidden, hasBias: false), nn.Linear(dim, hidden, hasBias: false), nn.Linear(hidden, dim, hasBias: false));
        _swish = swish;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var gate = _gate.call(x);
        return _output.call(_value.call(x) * (_swish ? nn.functional.silu(gate) : gate)).MoveToOuterDisposeScope();
    }
}
