using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// TransNormerLLM's token mixer, <c>[B,T,d]</c> to <c>[B,T,d]</c>: q and k through SiLU, v as it is, attention with decay (and LRPE), heads
/// joined, normalised together, multiplied by the gate u, projected out (Qin et al. 2023, gated linear attention).
/// </summary>
public sealed class NormLinearAttention : nn.Module<Tensor, Tensor>
{
    private const int Short = 64;
    private readonly int _heads;
    private readonly bool _gated;
    private readonly Tensor _logDecay;
    private readonly Linear _query, _key, _value, _output;
    private readonly Linear? _gate;
    private readonly Parameter? _theta;

    /// <summary>A layer with fresh weights, no biases.</summary>
    /// <param name="dim">d, channels; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">H.</param>
    /// <param name="slopes">The decay of each head, λ = e^{−slope}, fixed; see <see cref="DecaySlopes"/>. Zeros forget nothing.</param>
    /// <param name="positions">Whether LRPE positions are used, with learned angles; the paper has them in the first layer.</param>
    /// <param name="gate">Whether the output is multiplied by u.</param>
    /// <exception cref="ArgumentException">Channels that heads do not divide, or slopes that are not one a head.</exception>
    public NormLinearAttention(int dim, int heads, IReadOnlyList<double> slopes, bool positions = false, bool gate = true)
        : base(nameof(NormLinearAttention))
    {
        ArgumentNullException.ThrowIfNull(slopes);
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(heads, nameof(heads));
        if (dim % heads != 0)
            Arguments.Fail(nameof(dim), $"{dim} channels", $"a multiple of {heads} heads");
        if (slopes.Count != heads)
            Arguments.Fail(nameof(slopes), $"{slopes.Count} slopes", $"one for each of {heads} heads");
        Linear Projection() => nn.Linear(dim, dim, hasBias: false);
        (_heads, _gated) = (heads, gate);
        (_query, _key, _value, _output) = (Projection(), Projection(), Projection(), Projection());
        _gate = gate ? Projection() : null;
        _theta = positions ? nn.Parameter(Lrpe.InitialAngles(heads, dim / heads)) : null;
        _logDecay = DecaySlopes.LogDecay(slopes);
        RegisterComponents();
        this.Keep();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Mix(x, null).Output.MoveToOuterDisposeScope();
    }

    /// <summary>Tokens that follow those which left a state: the next one in decoding, or a longer piece.</summary>
    /// <param name="x"><c>[B,T,d]</c>.</param>
    /// <param name="state">The state before it; null at the beginning.</param>
    /// <returns><c>[B,T,d]</c> and the state after it.</returns>
    public AttentionOutput Continue(Tensor x, Tensor? state)
    {
        using var scope = NewDisposeScope();
        return Mix(x, state).MoveOut();
    }

    private AttentionOutput Mix(Tensor x, Tensor? state)
    {
        var (q, k, v) = (Heads(nn.functional.silu(_query.call(x))), Heads(nn.functional.silu(_key.call(x))), Heads(_value.call(x)));
        var attended = Attend(q, k, v, state);
        var normed = TransNormer.OverHeads(attended.Output);
        return new(_output.call(_gated ? normed * _gate!.call(x) : normed), attended.State);
    }

    private AttentionOutput Attend(Tensor q, Tensor k, Tensor v, Tensor? state) => (_theta, q.size(2) <= Short) switch
    {
        (null, true) => ScalarDecay.Parallel(q, k, v, _logDecay, state),
        (null, false) => ScalarDecay.Chunked(q, k, v, _logDecay, state),
        (_, true) => TransNormer.Parallel(q, k, v, _logDecay, _theta, state),
        (_, false) => TransNormer.Chunked(q, k, v, _logDecay, _theta, state),
    };

    private Tensor Heads(Tensor projected) =>
        projected.reshape(projected.size(0), projected.size(1), _heads, projected.size(2) / _heads).transpose(1, 2);
}
