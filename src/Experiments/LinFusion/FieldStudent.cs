using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>How a student of <see cref="FieldStudy"/> sums over tokens.</summary>
public enum StudentKind
{
    /// <summary>LinFusion: means over all tokens.</summary>
    Normalised,

    /// <summary>Sums over all tokens, divided by a constant that fits the size it was trained at, times a learned scale.</summary>
    Unnormalised,

    /// <summary>Normalised, but a token sees only those before it, row by row.</summary>
    Causal,
}

/// <summary>LinFusion's layer with another way to sum in place of its own.</summary>
internal sealed class FieldStudent : nn.Module<Tensor, Tensor>
{
    private readonly StudentKind _kind;
    private readonly LinFusionLayer _layer;
    private readonly Parameter? _scale;

    public FieldStudent(StudentKind kind, ProjectedAttention teacher)
        : base(nameof(FieldStudent))
    {
        (_kind, _layer) = (kind, LinFusionLayer.FromAttention(teacher));
        _scale = kind == StudentKind.Unnormalised ? nn.Parameter(ones(1)) : null;
        RegisterComponents();
        this.Keep();
    }

    public LinFusionLayer Layer => _layer;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = _layer.Project(x);
        return _layer.Join(_kind switch
        {
            StudentKind.Normalised => LinFusion.Parallel(q, k, v),
            StudentKind.Causal => LinearAttention.Parallel(q, k, v, causal: true).Output,
            _ => Sums(q, k, v) * _scale!,
        }).MoveToOuterDisposeScope();
    }

    /// <summary>κ(q)·Σκ(k)ᵀv over the tokens and channels of the size that is trained at.</summary>
    private static Tensor Sums(Tensor q, Tensor k, Tensor v) =>
        LinearAttention.EluPlusOne(q).matmul(LinearAttention.EluPlusOne(k).transpose(-2, -1).matmul(v)) / (FieldStudy.TrainSide * FieldStudy.TrainSide * FourierFields.Dim);
}
