using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// BASED's global token mixer, <c>[B,T,d]</c> to <c>[B,T,d]</c>: queries and keys of few channels a head, Taylor linear attention, heads
/// joined and projected out. No biases, no positions, no decay.
/// </summary>
public sealed class BasedLayer : nn.Module<Tensor, Tensor>
{
    private const double Floor = 1e-12;

    private readonly int _heads;
    private readonly bool _causal;
    private readonly Linear _query, _key, _value, _output;

    /// <summary>A layer with fresh weights, initialised as <c>nn.Linear</c> does.</summary>
    /// <param name="dim">d, channels; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">H.</param>
    /// <param name="featureDim">d', channels of a head's queries and keys, to which the feature map is applied: 16 in the paper.</param>
    /// <param name="causal">Whether a token sees only what came before it.</param>
    /// <exception cref="ArgumentException">A size below 1, or channels that heads do not divide.</exception>
    public BasedLayer(int dim, int heads, int featureDim = 16, bool causal = true)
        : base(nameof(BasedLayer))
    {
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(heads, nameof(heads));
        Arguments.Positive(featureDim, nameof(featureDim));
        if (dim % heads != 0)
            Arguments.Fail(nameof(dim), $"{dim} channels", $"a multiple of {heads} heads");
        Linear Projection(int outputs) => nn.Linear(dim, outputs, hasBias: false);
        (_heads, _causal) = (heads, causal);
        (_query, _key, _value, _output) = (Projection(heads * featureDim), Projection(heads * featureDim), Projection(dim), Projection(dim));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Attend(x, null).Output.MoveToOuterDisposeScope();
    }

    /// <summary>Continues a causal sequence by one token or more.</summary>
    /// <param name="x"><c>[B,T,d]</c>, the next tokens.</param>
    /// <param name="state"><c>[B,H,1+d'+d'(d'+1)/2,d/H+1]</c>, as an earlier call returned it; nothing came before when null.</param>
    /// <returns><c>[B,T,d]</c> and the state after them.</returns>
    public AttentionOutput Step(Tensor x, Tensor? state)
    {
        Arguments.Causal(_causal, "a step of this layer");
        using var scope = NewDisposeScope();
        return Attend(x, state).MoveOut();
    }

    private AttentionOutput Attend(Tensor x, Tensor? state)
    {
        Tensor Heads(Tensor projected) => projected.unflatten(2, [_heads, projected.size(2) / _heads]).transpose(1, 2);
        var (q, k, v) = (Heads(_query.call(x)), Heads(_key.call(x)), Heads(_value.call(x)));
        var result = LinearAttention.Chunked(q, k, v, _causal, state, featureMap: TaylorFeatureMap.Symmetric, floor: Floor);
        return result with { Output = _output.call(result.Output.transpose(1, 2).flatten(2, 3)) };
    }
}
