using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>One attention head, the mean of its outputs and a linear reading of the class: as little as <see cref="RareSource"/> can be learned by.</summary>
public sealed class SourceModel : nn.Module<Tensor, Tensor>
{
    private readonly AttentionCore _core;
    private readonly Linear _query, _key, _value, _read;

    /// <summary>A model with fresh weights.</summary>
    /// <param name="core">The attention, for <c>q, k, v [B,1,48,16]</c>.</param>
    /// <param name="seed">Fixes the weights.</param>
    public SourceModel(AttentionCore core, int seed)
        : base(nameof(SourceModel))
    {
        ArgumentNullException.ThrowIfNull(core);
        Linear Projection() => nn.Linear(RareSource.Dim, RareSource.Dim, hasBias: false);
        (_core, _query, _key, _value) = (core, Projection(), Projection(), Projection());
        _read = nn.Linear(RareSource.Dim, RareSource.Classes);
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>The logits of each sequence's class.</summary>
    /// <param name="input"><c>[B,T,16]</c>.</param>
    /// <returns><c>[B,8]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (q, k) = QueriesAndKeys(input);
        return _read.call(_core(q, k, _value.call(input).unsqueeze(1)).mean([1, 2])).MoveToOuterDisposeScope();
    }

    /// <summary>Queries and keys <c>[B,1,T,16]</c>, to look at what the attention does with them.</summary>
    public (Tensor Queries, Tensor Keys) QueriesAndKeys(Tensor input) => (_query.call(input).unsqueeze(1), _key.call(input).unsqueeze(1));
}
