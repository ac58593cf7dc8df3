using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>BASED in small: embeddings without positions, pre-norm blocks of a token mixer and an MLP, a norm, logits.</summary>
public sealed class HybridModel : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _tokens;
    private readonly ModuleList<TransformerBlock> _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _head;

    /// <summary>A model with fresh weights.</summary>
    /// <param name="vocabulary">Token ids.</param>
    /// <param name="shape">The layers.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <exception cref="ArgumentException">A layer of no known kind, or channels that heads do not divide.</exception>
    public HybridModel(int vocabulary, HybridShape shape, int seed)
        : base(nameof(HybridModel))
    {
        ArgumentNullException.ThrowIfNull(shape);
        _tokens = nn.Embedding(vocabulary, shape.Dim);
        _blocks = nn.ModuleList([.. shape.Layers.Select(kind => new TransformerBlock(shape.Dim, shape.Mixer(kind)))]);
        (_norm, _head) = (nn.LayerNorm(shape.Dim), nn.Linear(shape.Dim, vocabulary, hasBias: false));
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>The logits of the next tokens.</summary>
    /// <param name="input"><c>[B,T]</c>, int64.</param>
    /// <returns><c>[B,T,vocabulary]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _blocks.Aggregate(_tokens.call(input), (stream, block) => block.call(stream));
        return _head.call(_norm.call(x)).MoveToOuterDisposeScope();
    }
}
