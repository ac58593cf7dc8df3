using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>One RALA layer beside a residual, and a linear reading of a label at every token: as little as <see cref="DenseLookup"/> can be learned by.</summary>
public sealed class LookupModel : nn.Module<Tensor, Tensor>
{
    private readonly RalaLayer _layer;
    private readonly Linear _read;

    /// <summary>A model of one head.</summary>
    /// <param name="options">The layer; as many channels as a token of the task has.</param>
    /// <param name="seed">Fixes the weights.</param>
    public LookupModel(RalaOptions options, int seed)
        : base(nameof(LookupModel))
    {
        (_layer, _read) = (new(options), nn.Linear(options.Dim, DenseLookup.Labels));
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>The logits of each token's label.</summary>
    /// <param name="input"><c>[B,T,d]</c>.</param>
    /// <returns><c>[B,T,labels]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _read.call(input + _layer.call(input)).MoveToOuterDisposeScope();
    }

    /// <summary>The layer's output before its last projection, gated where it has a gate, <c>[B,T,d]</c>.</summary>
    /// <param name="input"><c>[B,T,d]</c>.</param>
    public Tensor Attend(Tensor input) => _layer.Attend(input);
}
