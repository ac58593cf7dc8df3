using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Tokens of a grid with learned positions, two blocks of attention and MLP, the mean of all tokens and a classifier.</summary>
public sealed class GridModel : nn.Module<Tensor, Tensor>
{
    private const int Layers = 2;
    private readonly Linear _tokens, _head;
    private readonly Embedding _positions;
    private readonly ModuleList<TransformerBlock> _blocks;
    private readonly LayerNorm _norm;

    /// <summary>A model with fresh weights.</summary>
    /// <param name="core">The attention of both blocks, one head.</param>
    /// <param name="dim">Channels.</param>
    /// <param name="convolution">Whether a depthwise convolution of the values is added to each attention.</param>
    /// <param name="seed">Fixes the weights.</param>
    public GridModel(AttentionCore core, int dim, bool convolution, int seed)
        : base(nameof(GridModel))
    {
        ArgumentNullException.ThrowIfNull(core);
        (_tokens, _positions) = (nn.Linear(ColourGrid.Features, dim), nn.Embedding(ColourGrid.Length, dim));
        _blocks = nn.ModuleList([.. Enumerable.Range(0, Layers).Select(_ => new TransformerBlock(dim, new GridAttention(core, dim, convolution)))]);
        (_norm, _head) = (nn.LayerNorm(dim), nn.Linear(dim, ColourGrid.Classes));
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>The logits of each grid's answer, <c>[B,6]</c> for tokens <c>[B,64,11]</c>.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _tokens.call(input) + _positions.weight!;
        foreach (var block in _blocks)
            x = block.call(x);
        return _head.call(_norm.call(x).mean([1])).MoveToOuterDisposeScope();
    }
}
