using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>One head of attention over tokens, read out from its output alone: what the attention loses is lost.</summary>
public sealed class StrengthModel : nn.Module<Tensor, Tensor>
{
    private readonly Linear _query, _key, _value, _head;
    private readonly AttentionCore _attention;

    /// <summary>A model with fresh weights.</summary>
    /// <param name="attention">What is done with queries, keys and values, one head.</param>
    /// <param name="dim">Channels of a token.</param>
    /// <param name="hidden">Channels of queries, keys and values.</param>
    /// <param name="queryBias">Whether a bias is added to queries.</param>
    /// <param name="seed">Fixes the weights.</param>
    public StrengthModel(AttentionCore attention, int dim, int hidden, bool queryBias, int seed)
        : base(nameof(StrengthModel))
    {
        _attention = attention;
        (_query, _key, _value) = (nn.Linear(dim, hidden, hasBias: queryBias), nn.Linear(dim, hidden, hasBias: false), nn.Linear(dim, hidden, hasBias: false));
        _head = nn.Linear(hidden, FeatureStrength.Classes);
        RegisterComponents();
        Weights.InitialiseUniform(this, seed);
    }

    /// <summary>Logits of each token's strength.</summary>
    /// <param name="x"><c>[B,N,d]</c>.</param>
    /// <returns><c>[B,N,classes]</c>.</returns>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var attended = _attention(_query.call(x).unsqueeze(1), _key.call(x).unsqueeze(1), _value.call(x).unsqueeze(1));
        return _head.call(attended.squeeze(1)).MoveToOuterDisposeScope();
    }
}
