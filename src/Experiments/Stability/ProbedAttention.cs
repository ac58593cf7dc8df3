using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>An attention layer's output <c>[B,T,d]</c>, and the queries and keys <c>[B,H,T,d_h]</c> and weights <c>[B,H,T,T]</c> it came from.</summary>
internal sealed record ProbedOutput(Tensor Output, Tensor Queries, Tensor Keys, Tensor Weights);

/// <summary>Causal softmax attention without biases that shows its queries, keys and weights.</summary>
internal sealed class ProbedAttention : nn.Module<Tensor, ProbedOutput>
{
    private readonly int _heads;
    private readonly ProbedOptions _options;
    private readonly Linear _project, _output;
    private readonly GainNorm? _queryNorm, _keyNorm;
    private readonly Parameter? _temperatures;

    public ProbedAttention(TransformerShape shape, ProbedOptions options)
        : base(nameof(ProbedAttention))
    {
        (_heads, _options) = (shape.Heads, options);
        (_project, _output) = (nn.Linear(shape.Dim, 3 * shape.Dim, hasBias: false), nn.Linear(shape.Dim, shape.Dim, hasBias: false));
        if (options.QueryKey == QueryKeyRule.Norm)
            (_queryNorm, _keyNorm) = (new(shape.Dim / shape.Heads), new(shape.Dim / shape.Heads));
        if (options.Temperature is { } first)
            _temperatures = nn.Parameter(full([shape.Heads, shape.Length], first, ScalarType.Float32));
        RegisterComponents();
    }

    public override ProbedOutput forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (batch, length, dim) = (x.size(0), x.size(1), x.size(2));
        var heads = _project.call(x).reshape(batch, length, 3, _heads, dim / _heads).permute(2, 0, 3, 1, 4).unbind(0);
        var (q, k, v) = (heads[0], heads[1], heads[2]);
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

    // √κ·d^(−¼)·x/RMS(x): of length √κ·d^¼, so that q·k/√d is κ·cos.
    private Tensor Capped(Tensor x) => SimpleRmsNorm.Apply(x, 1e-12) * (Math.Sqrt(_options.Cap) * Math.Pow(x.size(-1), -0.25));
}
