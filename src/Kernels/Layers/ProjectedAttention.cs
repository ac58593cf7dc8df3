using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Attention over heads: <c>q, k, v [B,H,T,D]</c> to <c>[B,H,T,D]</c>.</summary>
public delegate Tensor AttentionCore(Tensor q, Tensor k, Tensor v);

/// <summary>
/// An attention layer of a network: x is projected to queries, keys and values, cut into heads, attended, joined and projected back
/// (Vaswani et al. 2017, §3.2.2). Input and output are <c>[B,T,d]</c>.
/// </summary>
public sealed class ProjectedAttention : nn.Module<Tensor, Tensor>
{
    private readonly int _heads;
    private readonly AttentionCore _core;
    private readonly Linear _query, _key, _value, _output;
    private readonly LayerNorm? _queryNorm, _keyNorm;

    /// <summary>A layer with fresh weights, initialised as <c>nn.Linear</c> does.</summary>
    /// <param name="dim">d, channels; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">H.</param>
    /// <param name="core">What is done with queries, keys and values.</param>
    /// <param name="bias">Whether the projections add a bias.</param>
    /// <param name="queryKeyNorm">Whether queries and keys are layer-normalised, head by head.</param>
    /// <exception cref="ArgumentException">A size below 1, or channels that heads do not divide.</exception>
    public ProjectedAttention(int dim, int heads, AttentionCore core, bool bias = false, bool queryKeyNorm = false)
        : base(nameof(ProjectedAttention))
    {
        ArgumentNullException.ThrowIfNull(core);
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(heads, nameof(heads));
        if (dim % heads != 0)
            Arguments.Fail(nameof(dim), $"{dim} channels", $"a multiple of {heads} heads");
        (_heads, _core) = (heads, core);
        Linear Projection() => nn.Linear(dim, dim, hasBias: bias);
        (_query, _key, _value, _output) = (Projection(), Projection(), Projection(), Projection());
        if (queryKeyNorm)
            (_queryNorm, _keyNorm) = (nn.LayerNorm(dim / heads), nn.LayerNorm(dim / heads));
        RegisterComponents();
    }

    /// <summary>H.</summary>
    public int Heads => _heads;

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, length, dim) = (x.size(0), x.size(1), x.size(2));
        Tensor Heads(Tensor projected) => projected.reshape(batch, length, _heads, dim / _heads).transpose(1, 2);
        var (q, k, v) = (Heads(_query.call(x)), Heads(_key.call(x)), Heads(_value.call(x)));
        if (_queryNorm is not null && _keyNorm is not null)
            (q, k) = (_queryNorm.call(q), _keyNorm.call(k));
        return _output.call(_core(q, k, v).transpose(1, 2).reshape(batch, length, dim)).MoveToOuterDisposeScope();
    }
}
