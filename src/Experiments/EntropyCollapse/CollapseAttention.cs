using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Causal softmax attention that shows its logits and the maps they are made of. <c>[B,T,d]</c> to <c>[B,T,d]</c>.</summary>
internal sealed class CollapseAttention : nn.Module<Tensor, Tensor>
{
    private readonly int _heads;
    private readonly nn.Module<Tensor, Tensor> _query, _key, _value, _output;
    private readonly LayerNorm? _queryNorm, _keyNorm;

    public CollapseAttention(int dim, int heads, CollapseOptions options)
        : base(nameof(CollapseAttention))
    {
        _heads = heads;
        nn.Module<Tensor, Tensor> Map(SigmaPlaces place) => CollapseMaps.Linear(dim, dim, bias: false, options, place);
        (_query, _key) = (Map(SigmaPlaces.QueryKey), Map(SigmaPlaces.QueryKey));
        (_value, _output) = (Map(SigmaPlaces.ValueOutput), Map(SigmaPlaces.ValueOutput));
        if (options.QueryKeyNorm)
            (_queryNorm, _keyNorm) = (nn.LayerNorm(dim / heads, bias: false), nn.LayerNorm(dim / heads, bias: false));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Attend(x, null).MoveToOuterDisposeScope();
    }

    /// <summary>The layer's output; its logits <c>[B,H,T,T]</c>, as the softmax gets them, go to <paramref name="look"/>.</summary>
    public Tensor Attend(Tensor x, Action<Tensor>? look)
    {
        using var scope = NewDisposeScope();
        var (batch, length, dim) = (x.size(0), x.size(1), x.size(2));
        Tensor Heads(Tensor projected) => projected.reshape(batch, length, _heads, dim / _heads).transpose(1, 2);
        var (q, k, v) = (Heads(_query.call(x)), Heads(_key.call(x)), Heads(_value.call(x)));
        if (_queryNorm is not null && _keyNorm is not null)
            (q, k) = (_queryNorm.call(q), _keyNorm.call(k));
        var logits = Kernels.Softmax.Logits(q, k, causal: true);
        look?.Invoke(logits);
        return _output.call(logits.softmax(-1).matmul(v).transpose(1, 2).reshape(batch, length, dim)).MoveToOuterDisposeScope();
    }

    /// <summary>The norms of the maps as they are used, and γ of the queries' map.</summary>
    public MapNorms Norms()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (query, key) = (CollapseMaps.Used(_query), CollapseMaps.Used(_key));
        var dim = query.size(1);
        Tensor Heads(Tensor weight) => weight.reshape(_heads, dim / _heads, dim);
        var product = Heads(query).transpose(1, 2).matmul(Heads(key)) / Math.Sqrt((double)dim / _heads);
        return new(Norm(query), Norm(key), Norm(product), (_query as SigmaReparamLinear)?.Gamma.item<float>());
    }

    /// <summary>Multiplies γ of queries and keys, so logits by its square.</summary>
    /// <exception cref="InvalidOperationException">They are not under σReparam.</exception>
    public void MultiplyGamma(double factor)
    {
        using var off = no_grad();
        foreach (var map in new[] { _query, _key })
            (map as SigmaReparamLinear ?? throw new InvalidOperationException("queries and keys are not under σReparam.")).Gamma.mul_(factor);
    }

    // The largest of all matrices; a decomposition knows no NaN.
    private static double Norm(Tensor matrices) =>
        matrices.isfinite().all().item<bool>() ? RankDiagnostics.SingularValues(matrices).max().item<double>() : double.NaN;
}
