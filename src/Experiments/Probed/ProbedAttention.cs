using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>An attention layer's output <c>[B,T,d]</c>, and the queries and keys <c>[B,H,T,d_h]</c> and weights <c>[B,H,T,T]</c> it came from.</summary>
internal sealed record ProbedOutput(Tensor Output, Tensor Queries, Tensor Keys, Tensor Weights);

/// <summary>Causal softmax attention without biases that shows its queries, keys and weights, and the norms of its maps.</summary>
internal sealed class ProbedAttention : nn.Module<Tensor, ProbedOutput>
{
    private readonly int _heads;
    private readonly ProbedOptions _options;
    private readonly ModuleList<nn.Module<Tensor, Tensor>> _projections; // Of queries, keys and values, or one for all.
    private readonly nn.Module<Tensor, Tensor> _output;
    private readonly GainNorm? _queryNorm, _keyNorm;
    private readonly Parameter? _temperatures;

    public ProbedAttention(TransformerShape shape, ProbedOptions options)
        : base(nameof(ProbedAttention))
    {
        (_heads, _options) = (shape.Heads, options);
        nn.Module<Tensor, Tensor> Map(int outputs, SigmaPlaces place) => ProbedMaps.Create(shape.Dim, outputs, bias: false, options, place);
        _projections = options.SeparateMaps
            ? nn.ModuleList(Map(shape.Dim, SigmaPlaces.QueryKey), Map(shape.Dim, SigmaPlaces.QueryKey), Map(shape.Dim, SigmaPlaces.ValueOutput))
            : nn.ModuleList(Map(3 * shape.Dim, SigmaPlaces.QueryKey));
        _output = Map(shape.Dim, SigmaPlaces.ValueOutput);
        GainNorm HeadNorm() => new(shape.Dim / shape.Heads, options.NormEpsilon);
        if (options.QueryKey == QueryKeyRule.Norm)
            (_queryNorm, _keyNorm) = (HeadNorm(), HeadNorm());
        if (options.Temperature is { } first)
            _temperatures = nn.Parameter(full([shape.Heads, shape.Length], first, ScalarType.Float32));
        RegisterComponents();
        this.Keep();
    }

    /// <summary>The maps of queries, keys and values, and that of the output.</summary>
    public IEnumerable<nn.Module> Maps => [.. _projections, _output];

    public override ProbedOutput forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, length, dim) = (x.size(0), x.size(1), x.size(2));
        Tensor Heads(Tensor projected) => projected.reshape(batch, length, _heads, dim / _heads).transpose(1, 2);
        var projected = _options.SeparateMaps ? [.. _projections.Select(map => map.call(x))] : _projections[0].call(x).chunk(3, -1);
        var (q, k, v) = (Heads(projected[0]), Heads(projected[1]), Heads(projected[2]));
        (q, k) = _options.QueryKey switch
        {
            QueryKeyRule.Norm => (_queryNorm!.call(q), _keyNorm!.call(k)),
            QueryKeyRule.Capped => (Capped(q), Capped(k)),
            _ => (q, k),
        };
        if (_temperatures is not null)
            q = q / _temperatures.narrow(1, 0, length).unsqueeze(-1);
        var weights = Kernels.Softmax.Weights(q, k, causal: true);
        var output = _output.call(weights.matmul(v).transpose(1, 2).reshape(batch, length, dim));
        return new(output.MoveToOuterDisposeScope(), q.MoveToOuterDisposeScope(), k.MoveToOuterDisposeScope(), weights.MoveToOuterDisposeScope());
    }

    /// <summary>The norms of the maps as they are used, and γ of the queries' map.</summary>
    public MapNorms Norms()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var used = _options.SeparateMaps ? [.. _projections.Select(ProbedMaps.Used)] : ProbedMaps.Used(_projections[0]).chunk(3);
        var (query, key, dim) = (used[0], used[1], used[0].size(1));
        Tensor Heads(Tensor weight) => weight.reshape(_heads, dim / _heads, dim);
        var product = Heads(query).transpose(1, 2).matmul(Heads(key)) / Math.Sqrt((double)dim / _heads);
        return new(Norm(query), Norm(key), Norm(product), (_projections[0] as SigmaReparamLinear)?.Gamma.item<float>());
    }

    /// <summary>Multiplies γ of queries and keys, so logits by its square.</summary>
    /// <exception cref="InvalidOperationException">They are not under σReparam.</exception>
    public void MultiplyGamma(double factor)
    {
        using var off = no_grad();
        foreach (var map in _projections.Take(2))
            (map as SigmaReparamLinear ?? throw new InvalidOperationException("queries and keys are not under σReparam.")).Gamma.mul_(factor);
    }

    // The largest of all matrices; a decomposition knows no NaN.
    private static double Norm(Tensor matrices) =>
        matrices.isfinite().all().item<bool>() ? RankDiagnostics.SingularValues(matrices).max().item<double>() : double.NaN;

    // √κ·d^(−¼)·x/RMS(x): of length √κ·d^¼, so that q·k/√d is κ·cos.
    private Tensor Capped(Tensor x) => SimpleRmsNorm.Apply(x, 1e-12) * (Math.Sqrt(_options.Cap) * Math.Pow(x.size(-1), -0.25));
}
