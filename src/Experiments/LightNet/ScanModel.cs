using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>How a one-layer model reads a sequence.</summary>
public enum ScanKind
{
    /// <summary>LightNet's additive decay, one scan that all tokens share.</summary>
    Global,

    /// <summary>LightNet's additive decay, causal.</summary>
    CausalAdditive,

    /// <summary>A multiplicative gate a = σ(xW) with weights 1 − a, causal: HGRN2's and GLA's kind.</summary>
    CausalMultiplicative,
}

/// <summary>Token embeddings, one LightNet block (linear attention, then a gated linear unit, each after a norm and beside a residual) and a classifier for every token.</summary>
public sealed class ScanModel : nn.Module<Tensor, Tensor>
{
    private readonly ScanKind _kind;
    private readonly Embedding _tokens;
    private readonly Linear _query, _key, _value, _output, _head;
    private readonly SimpleGlu _unit;

    /// <summary>A model with fresh weights.</summary>
    /// <param name="kind">How it reads.</param>
    /// <param name="vocabulary">Token ids.</param>
    /// <param name="classes">What a token is to tell.</param>
    /// <param name="dim">Channels, all of one head.</param>
    /// <param name="seed">Fixes the weights.</param>
    public ScanModel(ScanKind kind, int vocabulary, int classes, int dim, int seed)
        : base(nameof(ScanModel))
    {
        Linear Projection() => nn.Linear(dim, dim, hasBias: false);
        (_kind, _tokens) = (kind, nn.Embedding(vocabulary, dim));
        (_query, _key, _value, _output, _head) = (Projection(), Projection(), Projection(), Projection(), nn.Linear(dim, classes));
        _unit = new(dim, 2 * dim, swish: true);
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>The logits of each token's class.</summary>
    /// <param name="input"><c>[B,T]</c>, int64.</param>
    /// <returns><c>[B,T,classes]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _tokens.call(input);
        x = x + Attend(SimpleRmsNorm.Apply(x));
        x = x + _unit.call(SimpleRmsNorm.Apply(x));
        return _head.call(SimpleRmsNorm.Apply(x)).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x)
    {
        var (q, k, v) = (nn.functional.silu(_query.call(x)).unsqueeze(1), _key.call(x).unsqueeze(1), _value.call(x).unsqueeze(1));
        var attended = _kind switch
        {
            ScanKind.Global => LightNet.Parallel(q, k, v).Output,
            ScanKind.CausalAdditive => LightNet.Chunked(q, k, v, causal: true).Output,
            _ => GatedLinear.Chunked(q, 1 - k.sigmoid(), v, nn.functional.logsigmoid(k)).Output,
        };
        return _output.call(SimpleRmsNorm.Apply(attended.squeeze(1)));
    }
}
