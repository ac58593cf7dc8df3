using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// A small pre-norm decoder: token and learned position embeddings, blocks of attention and a GELU MLP of width 4d, a final layer norm
/// and an untied head. Any mechanism of the catalogue can sit in it by its id.
/// </summary>
public sealed class TinyTransformer : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _tokens, _positions;
    private readonly ModuleList<TransformerBlock> _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _head;

    /// <summary>A model with one mechanism in all its layers.</summary>
    /// <param name="shape">The size.</param>
    /// <param name="attention">A mechanism's id, such as <c>gated-linear</c>.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <param name="causal">Whether a token sees only what came before it.</param>
    /// <exception cref="ArgumentException">No such mechanism, or one without a layer.</exception>
    public TinyTransformer(TransformerShape shape, string attention, int seed, bool causal = true)
        : this(shape, _ => Catalog.Find(attention).CreateLayer(shape.Dim, shape.Heads, causal), seed)
    {
    }

    /// <summary>A model with layers of one's own.</summary>
    /// <param name="shape">The size.</param>
    /// <param name="attention">Makes the attention of a layer, <c>[B,T,d]</c> to <c>[B,T,d]</c>, from the layer's number.</param>
    /// <param name="seed">Fixes the weights.</param>
    public TinyTransformer(TransformerShape shape, Func<int, nn.Module<Tensor, Tensor>> attention, int seed)
        : base(nameof(TinyTransformer))
    {
        (_tokens, _positions) = (nn.Embedding(shape.Vocabulary, shape.Dim), nn.Embedding(shape.Length, shape.Dim));
        _blocks = nn.ModuleList([.. Enumerable.Range(0, shape.Layers).Select(layer => new TransformerBlock(shape.Dim, attention(layer)))]);
        (_norm, _head) = (nn.LayerNorm(shape.Dim), nn.Linear(shape.Dim, shape.Vocabulary, hasBias: false));
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>The attention layers, from the first.</summary>
    public IReadOnlyList<nn.Module<Tensor, Tensor>> Attention => [.. _blocks.Select(block => block.Attention)];

    /// <summary>The logits of the next tokens.</summary>
    /// <param name="input"><c>[B,T]</c>, int64.</param>
    /// <returns><c>[B,T,vocabulary]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _tokens.call(input) + _positions.call(arange(input.size(1), ScalarType.Int64, input.device));
        foreach (var block in _blocks)
            x = block.call(x);
        return _head.call(_norm.call(x)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean cross-entropy in nats over the places that have a target.</summary>
    public Tensor Loss(SequenceBatch batch)
    {
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(call(batch.Inputs).flatten(0, 1), batch.Targets.flatten(), ignore_index: SequenceBatch.NoTarget).MoveToOuterDisposeScope();
    }
}
