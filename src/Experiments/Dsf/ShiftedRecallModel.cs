using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// One mixer that can solve <see cref="Mqar"/>: embeddings of 32 channels, queries and values from a token, keys from the token before it, logits.
/// All mixers have the same shift, so that none has a convolution's help which another lacks.
/// </summary>
public sealed class ShiftedRecallModel : nn.Module<Tensor, Tensor>
{
    private const int Dim = 32;
    private const double Offset = -2; // Of n and of the step before softplus: the paper's models begin small.
    private readonly RecallKind _kind;
    private readonly Embedding _tokens;
    private readonly Linear _query, _key, _value, _output;
    private readonly Parameter _gate, _lags, _skip;

    /// <summary>A model of one head.</summary>
    /// <param name="task">The task.</param>
    /// <param name="kind">The mixer.</param>
    /// <param name="state">n, channels of queries and keys.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <exception cref="ArgumentException">A state below 1.</exception>
    public ShiftedRecallModel(Mqar task, RecallKind kind, int state, int seed)
        : base(nameof(ShiftedRecallModel))
    {
        ArgumentNullException.ThrowIfNull(task);
        if (state < 1)
            throw new ArgumentException($"state: got {state}, needs at least 1.", nameof(state));
        Linear Projection(int outputs) => nn.Linear(Dim, outputs, hasBias: false);
        _kind = kind;
        (_tokens, _query, _key, _value, _output) = (nn.Embedding(task.Vocabulary, Dim), Projection(state), Projection(state), Projection(Dim), Projection(task.Vocabulary));
        (_gate, _lags, _skip) = (nn.Parameter(zeros(Dim, 1)), nn.Parameter(zeros(task.Length)), nn.Parameter(ones(Dim)));
        RegisterComponents();
        this.Keep();
        Weights.InitialiseAsTorch(this, seed);
    }

    /// <summary>The logits of the value asked for.</summary>
    /// <param name="input"><c>[B,T]</c>, int64.</param>
    /// <returns><c>[B,T,vocabulary]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return _output.call(Mixed(input)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean cross-entropy in nats of the questions; logits are made for them alone.</summary>
    public Tensor Loss(SequenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var targets = batch.Targets.flatten();
        var asked = targets.ne(SequenceBatch.NoTarget).nonzero().squeeze(1);
        var logits = _output.call(Mixed(batch.Inputs).flatten(0, 1).index_select(0, asked));
        return nn.functional.cross_entropy(logits, targets.index_select(0, asked)).MoveToOuterDisposeScope();
    }

    private Tensor Mixed(Tensor input)
    {
        var x = _tokens.call(input);
        var before = nn.functional.pad(x.narrow(1, 0, x.size(1) - 1), [0, 0, 1, 0]);
        return Mix(x, before, _value.call(x));
    }

    private Tensor Mix(Tensor x, Tensor before, Tensor values)
    {
        if (_kind == RecallKind.TimeInvariant)
            return OfLags(x.size(1)).matmul(values) + _skip * x;
        var (q, k) = (_query.call(x), _key.call(before));
        return _kind switch
        {
            RecallKind.Softmax => Kernels.Softmax.Plain(q.unsqueeze(1), k.unsqueeze(1), values.unsqueeze(1), causal: true).squeeze(1),
            RecallKind.Linear => LinearAttention.Parallel(q.unsqueeze(1), k.unsqueeze(1), values.unsqueeze(1), causal: true).Output.squeeze(1),
            RecallKind.Normalised => Products(q, k).matmul(values) * (Offset - x.matmul(_gate)).exp(),
            RecallKind.Unnormalised => Products(q, k).matmul(values),
            RecallKind.Ssd => Ssd(q, k, values, nn.functional.softplus(before.matmul(_gate) + Offset)),
            _ => throw new ArgumentException($"kind: got {_kind}, needs one of {string.Join(", ", Enum.GetNames<RecallKind>())}."),
        };
    }

    private static Tensor Products(Tensor q, Tensor k) => q.matmul(k.transpose(-2, -1)).tril();

    private static Tensor Ssd(Tensor q, Tensor k, Tensor values, Tensor step)
    {
        var rate = full([1, 1, 1, 1], -1f);
        return Kernels.Ssd.Parallel(q.unsqueeze(1), k.unsqueeze(1), values.unsqueeze(1), step.unsqueeze(1), rate).Output.squeeze(1);
    }

    /// <summary>The Toeplitz matrix of the lags, <c>[T,T]</c>.</summary>
    private Tensor OfLags(long length)
    {
        var lag = arange(length).unsqueeze(-1) - arange(length);
        return _lags.index_select(0, lag.clamp_min(0).flatten()).view(length, length).tril();
    }
}
