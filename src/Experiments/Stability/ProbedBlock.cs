using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>y = x + attention(norm(x)), then y + MLP(norm(y)) or βy + (norm(y)W)/α, with what norms the options leave.</summary>
internal sealed class ProbedBlock : nn.Module<Tensor, ProbedOutput>
{
    private readonly MlpActivation _activation;
    private readonly GainNorm? _beforeAttention, _beforeMlp;
    private readonly ProbedAttention _attention;
    private readonly Linear? _up, _down, _fused;
    private readonly Parameter? _alpha, _beta;

    public ProbedBlock(TransformerShape shape, ProbedOptions options)
        : base(nameof(ProbedBlock))
    {
        (_activation, _attention) = (options.Activation, new(shape, options));
        if (options.LayerNorms)
            (_beforeAttention, _beforeMlp) = (new(shape.Dim), new(shape.Dim));
        if (options.FusedMlp)
            (_fused, _alpha, _beta) = (nn.Linear(shape.Dim, shape.Dim, hasBias: false), nn.Parameter(ones(1)), nn.Parameter(ones(1)));
        else
            (_up, _down) = (nn.Linear(shape.Dim, 4 * shape.Dim, hasBias: false), nn.Linear(4 * shape.Dim, shape.Dim, hasBias: false));
        RegisterComponents();
    }

    /// <summary>The block's output, with the queries, keys and weights of its attention.</summary>
    public override ProbedOutput forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var attended = _attention.call(_beforeAttention?.call(x) ?? x);
        var after = x + attended.Output;
        var normed = _beforeMlp?.call(after) ?? after;
        var output = _fused is null ? after + _down!.call(Activate(_up!.call(normed))) : _beta! * after + _fused.call(normed) / _alpha!;
        return new(
            output.MoveToOuterDisposeScope(), attended.Queries.MoveToOuterDisposeScope(), attended.Keys.MoveToOuterDisposeScope(),
            attended.Weights.MoveToOuterDisposeScope());
    }

    private Tensor Activate(Tensor x) => _activation switch
    {
        MlpActivation.Gelu => nn.functional.gelu(x),
        MlpActivation.Relu => nn.functional.relu(x),
        _ => x,
    };
}
