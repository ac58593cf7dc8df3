using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>y = x + attention(norm(x)), then y + MLP(norm(y)) or βy + (norm(y)W)/α, with what norms the options leave.</summary>
internal sealed class ProbedBlock : nn.Module<Tensor, ProbedOutput>
{
    private readonly MlpActivation _activation;
    private readonly GainNorm? _beforeAttention, _beforeMlp;
    private readonly ProbedAttention _attention;
    private readonly nn.Module<Tensor, Tensor>? _up, _down, _fused;
    private readonly Parameter? _alpha, _beta;

    public ProbedBlock(TransformerShape shape, ProbedOptions options)
        : base(nameof(ProbedBlock))
    {
        (_activation, _attention) = (options.Activation, new(shape, options));
        nn.Module<Tensor, Tensor> Map(int inputs, int outputs) => ProbedMaps.Create(inputs, outputs, options.MlpBias, options, SigmaPlaces.Mlp);
        if (options.LayerNorms)
            (_beforeAttention, _beforeMlp) = (new(shape.Dim, options.NormEpsilon), new(shape.Dim, options.NormEpsilon));
        if (options.FusedMlp)
            (_fused, _alpha, _beta) = (Map(shape.Dim, shape.Dim), nn.Parameter(ones(1)), nn.Parameter(ones(1)));
        else
            (_up, _down) = (Map(shape.Dim, 4 * shape.Dim), Map(4 * shape.Dim, shape.Dim));
        RegisterComponents();
        this.Keep();
    }

    public ProbedAttention Attention => _attention;

    /// <summary>The maps of the MLP.</summary>
    public IEnumerable<nn.Module> Mlp => new[] { _up, _down, _fused }.OfType<nn.Module>();

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
