using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>x + attention(norm(x)), then x + MLP(norm(x)).</summary>
internal sealed class TransformerBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm _beforeAttention, _beforeMlp;
    private readonly nn.Module<Tensor, Tensor> _attention;
    private readonly Sequential _mlp;

    public TransformerBlock(int dim, nn.Module<Tensor, Tensor> attention)
        : base(nameof(TransformerBlock))
    {
        (_beforeAttention, _attention, _beforeMlp) = (nn.LayerNorm(dim), attention, nn.LayerNorm(dim));
        _mlp = nn.Sequential(("up", nn.Linear(dim, 4 * dim)), ("gelu", nn.GELU()), ("down", nn.Linear(4 * dim, dim)));
        RegisterComponents();
    }

    public nn.Module<Tensor, Tensor> Attention => _attention;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Finish(x, Attend(x)).MoveToOuterDisposeScope();
    }

    /// <summary>attention(norm(x)), the first half of the block.</summary>
    public Tensor Attend(Tensor x)
    {
        using var scope = NewDisposeScope();
        return _attention.call(_beforeAttention.call(x)).MoveToOuterDisposeScope();
    }

    /// <summary>The block's output, from what <see cref="Attend"/> gave.</summary>
    public Tensor Finish(Tensor x, Tensor attended)
    {
        using var scope = NewDisposeScope();
        var after = x + attended;
        return (after + _mlp.call(_beforeMlp.call(after))).MoveToOuterDisposeScope();
    }
}
