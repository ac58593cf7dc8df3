using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// LinFusion's layer, <c>[B,T,d]</c> to <c>[B,T,d]</c>: q = W_q(x + m_q(x)), k = W_k(x + m_k(x)), v = W_v x, attention, projected out. The maps m
/// (linear, LayerNorm, leaky ReLU, linear) are new; the projections are those of the softmax layer that it replaces, and learn on too.
/// </summary>
public sealed class LinFusionLayer : nn.Module<Tensor, Tensor>
{
    private const double Slope = 0.01;
    private readonly int _heads;
    private readonly Linear _query, _key, _value, _output;
    private readonly Sequential _queryMap, _keyMap;

    /// <summary>A layer with fresh weights.</summary>
    /// <param name="dim">d, channels; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">H.</param>
    /// <param name="inner">Channels inside m; d when null.</param>
    /// <param name="bias">Whether the projections add a bias; the maps always do.</param>
    /// <exception cref="ArgumentException">A size below 1, or channels that heads do not divide.</exception>
    public LinFusionLayer(int dim, int heads, int? inner = null, bool bias = false)
        : base(nameof(LinFusionLayer))
    {
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(heads, nameof(heads));
        Arguments.Positive(inner ?? dim, nameof(inner));
        if (dim % heads != 0)
            Arguments.Fail(nameof(dim), $"{dim} channels", $"a multiple of {heads} heads");
        Linear Projection() => nn.Linear(dim, dim, hasBias: bias);
        (_heads, _query, _key, _value, _output) = (heads, Projection(), Projection(), Projection(), Projection());
        (_queryMap, _keyMap) = (Map(dim, inner ?? dim), Map(dim, inner ?? dim));
        RegisterComponents();
    }

    /// <summary>A layer with the projections of a softmax layer; its maps are random, so that it computes something else until it is trained.</summary>
    /// <param name="attention">The layer to replace, without norms of queries and keys; its weights are copied.</param>
    /// <param name="inner">Channels inside m; d when null.</param>
    /// <exception cref="ArgumentException">A layer that normalises queries and keys.</exception>
    public static LinFusionLayer FromAttention(ProjectedAttention attention, int? inner = null)
    {
        ArgumentNullException.ThrowIfNull(attention);
        var copied = attention.state_dict();
        var layer = new LinFusionLayer((int)copied["_query.weight"].size(0), attention.Heads, inner, copied.ContainsKey("_query.bias"));
        if (copied.Keys.Except(layer.state_dict().Keys).FirstOrDefault() is { } unknown)
            Arguments.Fail(nameof(attention), $"one with {unknown}", "a layer of four projections alone");
        layer.load_state_dict(copied, strict: false);
        return layer;
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Project(x);
        return Join(LinFusion.Parallel(q, k, v)).MoveToOuterDisposeScope();
    }

    /// <summary>The queries, keys and values that attention gets.</summary>
    /// <param name="x"><c>[B,T,d]</c>.</param>
    /// <returns>Each <c>[B,H,T,d/H]</c>.</returns>
    public (Tensor Q, Tensor K, Tensor V) Project(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (q, k) = (Heads(_query.call(x + _queryMap.call(x))), Heads(_key.call(x + _keyMap.call(x))));
        return (q.MoveToOuterDisposeScope(), k.MoveToOuterDisposeScope(), Heads(_value.call(x)).MoveToOuterDisposeScope());
    }

    /// <summary>The output of the layer's last projection for an attention of one's own over <see cref="Project"/>.</summary>
    /// <param name="attended"><c>[B,H,T,d/H]</c>.</param>
    public Tensor Join(Tensor attended)
    {
        using var scope = NewDisposeScope();
        return _output.call(attended.transpose(1, 2).flatten(2, 3)).MoveToOuterDisposeScope();
    }

    private static Sequential Map(int dim, int inner) =>
        nn.Sequential(("down", nn.Linear(dim, inner)), ("norm", nn.LayerNorm(inner)), ("relu", nn.LeakyReLU(Slope)), ("up", nn.Linear(inner, dim)));

    private Tensor Heads(Tensor projected) => projected.unflatten(2, [_heads, projected.size(2) / _heads]).transpose(1, 2);
}
