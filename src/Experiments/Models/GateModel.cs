using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>One GLA layer between an embedding and a linear reading of one number a token: as little as the reset task can be learned by.</summary>
public sealed class GateModel : nn.Module<Tensor, Tensor>
{
    private const int Dim = 16;
    private readonly Embedding _tokens;
    private readonly GlaLayer _layer;
    private readonly Linear _read;

    /// <summary>A model of 16 channels, one head of 8 key channels, τ = 1 and a gate bias of 2 (claim C4 of the GLA notebook).</summary>
    /// <param name="gate">What the gate depends on.</param>
    /// <param name="seed">Fixes the weights.</param>
    public GateModel(GlaGate gate, int seed)
        : base(nameof(GateModel))
    {
        _tokens = nn.Embedding(ResetSum.Vocabulary, Dim);
        _layer = new(new(Dim, Heads: 1) { GateNormalizer = 1, GateBias = 2, Gate = gate, NormAndOutputGate = false });
        _read = nn.Linear(Dim, 1);
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>The sum at each token, <c>[B,T]</c> for tokens <c>[B,T]</c>.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _read.call(_layer.call(_tokens.call(input))).squeeze(-1).MoveToOuterDisposeScope();
    }

    /// <summary>The gates α, <c>[B,T,8]</c> for tokens <c>[B,T]</c>.</summary>
    public Tensor Gates(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _layer.LogGate(_tokens.call(input)).exp().MoveToOuterDisposeScope();
    }

    /// <summary>The share of the sums' variance that the model tells: 1 when it tells all, below 0 when their mean would tell more.</summary>
    public double Explained(int length, int batch, int seed)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (tokens, sums) = ResetSum.Sample(batch, length, new Random(seed));
        return 1 - ((call(tokens) - sums).square().mean() / sums.var(unbiased: false)).item<float>();
    }
}
