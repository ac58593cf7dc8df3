using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The tensors of one attention call.</summary>
/// <param name="Q">Queries, <c>[B,H,Tq,D]</c>.</param>
/// <param name="K">Keys, <c>[B,H,Tk,D]</c>.</param>
/// <param name="V">Values, <c>[B,H,Tk,Dv]</c>.</param>
public sealed record AttentionInputs(Tensor Q, Tensor K, Tensor V)
{
    private const string State = "initialState";

    /// <summary>The mechanism's further tensors by name, such as <c>logGate [B,H,T,D]</c>; see <see cref="AttentionMechanism.Extras"/>.</summary>
    public IReadOnlyDictionary<string, Tensor> Extra { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>State to start from, <c>[B,H,D,Dv]</c> for the linear family; null starts from zero.</summary>
    public Tensor? InitialState { get; init; }

    /// <summary>Whether a query may see only keys at or before its own place.</summary>
    public bool Causal { get; init; }

    /// <summary>
    /// Random inputs for a mechanism: standard normal q, k and v, extras and state as the row samples them. The numbers are drawn in
    /// float64 in host memory and then rounded, so that all dtypes and devices get the same ones.
    /// </summary>
    /// <param name="mechanism">The row.</param>
    /// <param name="shape">The shape.</param>
    /// <param name="seed">Seed; the same seed gives the same numbers.</param>
    /// <param name="dtype">A floating dtype.</param>
    /// <param name="causal">Whether the call is causal; when null, it is where the row serves no noncausal call of that shape.</param>
    /// <param name="initialState">Whether to sample a state to start from.</param>
    /// <param name="device">Where the tensors are put; host memory when null.</param>
    /// <exception cref="ArgumentException">The row does not serve that shape and causality.</exception>
    public static AttentionInputs Random(
        AttentionMechanism mechanism, AttentionShape shape, long seed = 1, ScalarType dtype = ScalarType.Float32, bool? causal = null, bool initialState = false, Device? device = null)
    {
        var isCausal = causal ?? !mechanism.Serves(shape, causal: false);
        if (!mechanism.Serves(shape, isCausal))
            Arguments.Fail(nameof(shape), $"{shape} ({shape.Pattern(isCausal)})", $"one that {mechanism.Id} serves: {mechanism.Patterns}");
        if (initialState && mechanism.State is null)
            Arguments.Fail(nameof(initialState), "true", $"false: {mechanism.Id} has no state");
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Place(Tensor tensor) => device is null ? tensor : tensor.to(device, disposeAfter: true);
        Tensor Normal(int length, int dim)
        {
            using var scope = NewDisposeScope();
            return Place(randn([shape.Batch, shape.Heads, length, dim], ScalarType.Float64, generator: generator).to(dtype)).MoveToOuterDisposeScope();
        }
        return new(Normal(shape.QueryLength, shape.KeyDim), Normal(shape.KeyLength, shape.KeyDim), Normal(shape.KeyLength, shape.ValueDim))
        {
            Causal = isCausal,
            Extra = mechanism.Extras.ToDictionary(extra => extra.Name, extra => Place(extra.Sample(shape, generator, dtype))),
            InitialState = initialState ? Place(mechanism.State!.Sample(shape, generator, dtype)) : null,
        };
    }

    /// <summary>The further tensor of that name.</summary>
    /// <exception cref="ArgumentException">It was not given.</exception>
    public Tensor Tensor(string name)
    {
        if (!Extra.TryGetValue(name, out var tensor))
            Arguments.Fail(name, "nothing", $"a tensor under that name in {nameof(Extra)}");
        return tensor;
    }

    /// <summary>The same call on some heads alone.</summary>
    /// <param name="heads">The heads, in the order wanted.</param>
    public AttentionInputs OfHeads(IReadOnlyList<int> heads)
    {
        Arguments.Indices(heads, nameof(heads), Q.size(1));
        using var index = tensor(heads.Select(head => (long)head).ToArray(), device: Q.device);
        return Map((_, tensor) => tensor.index_select(1, index));
    }

    /// <summary>The same call on a stretch of the tokens of a self-attention sequence. Further tensors are cut where their third dimension is Tk.</summary>
    /// <param name="start">The first token, from 0.</param>
    /// <param name="count">How many tokens.</param>
    /// <exception cref="ArgumentException">Tq ≠ Tk, or tokens that are not there.</exception>
    public AttentionInputs OfTokens(int start, int count)
    {
        Arguments.SameLength(Q, K);
        var length = K.size(2);
        if (start < 0 || count < 1 || start + count > length)
            Arguments.Fail(nameof(start), $"{count} tokens from {start}", $"tokens from 0 to {length - 1}");
        return Map((name, tensor) => BelongsToTokens(name, tensor) ? tensor.narrow(2, start, count) : tensor);
    }

    /// <summary>The same call with every tensor replaced; they are named as in messages, <c>q</c>, <c>k</c>, <c>v</c>, the extras' names and <c>initialState</c>.</summary>
    public AttentionInputs Map(Func<string, Tensor, Tensor> change) => this with
    {
        Q = change("q", Q),
        K = change("k", K),
        V = change("v", V),
        Extra = Extra.ToDictionary(extra => extra.Key, extra => change(extra.Key, extra.Value)),
        InitialState = InitialState is null ? null : change(State, InitialState),
    };

    /// <summary>Every tensor of the call with its name, in the order of <see cref="Map"/>.</summary>
    public IReadOnlyList<(string Name, Tensor Tensor)> Named
    {
        get
        {
            var all = new List<(string, Tensor)>();
            Map((name, tensor) =>
            {
                all.Add((name, tensor));
                return tensor;
            });
            return all;
        }
    }

    /// <summary>Whether a tensor of the call has a row for each token: q, k and v, and a further one whose third dimension is Tk.</summary>
    internal bool BelongsToTokens(string name, Tensor tensor) =>
        name != State && (name is "q" or "k" or "v" || (tensor.dim() > 2 && tensor.size(2) == K.size(2)));

    /// <summary>The shape of the problem, read off the tensors.</summary>
    public AttentionShape Shape => new(
        (int)Q.size(0), (int)Q.size(1), (int)Q.size(2), (int)K.size(2), (int)Q.size(3), (int)V.size(3));
}

/// <summary>What an attention call gives.</summary>
/// <param name="Output"><c>[B,H,Tq,Dv]</c>.</param>
/// <param name="State">The state after the last token, for mechanisms that have one; else null.</param>
public sealed record AttentionOutput(Tensor Output, Tensor? State = null)
{
    /// <summary>Moves the tensors to the dispose scope around the current one.</summary>
    internal AttentionOutput MoveOut()
    {
        Output.MoveToOuterDisposeScope();
        State?.MoveToOuterDisposeScope();
        return this;
    }
}
