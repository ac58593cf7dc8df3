using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// A small decoder to be made to collapse (arXiv 2303.06296): token and learned position embeddings, blocks of causal attention and a GELU MLP of
/// width 4d, an untied head; layer norms, with a gain alone, and σReparam as the options say. Embeddings and head are never reparametrised.
/// </summary>
public sealed class CollapseModel : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _tokens, _positions;
    private readonly ModuleList<CollapseAttention> _attention;
    private readonly ModuleList<Sequential> _mlps;
    private readonly ModuleList<LayerNorm> _norms;
    private readonly Linear _head;

    /// <summary>A model with fresh weights, linear maps and embeddings normal with deviation 1/√(inputs).</summary>
    /// <param name="shape">The size.</param>
    /// <param name="options">What keeps its training stable.</param>
    /// <param name="seed">Fixes the weights.</param>
    public CollapseModel(TransformerShape shape, CollapseOptions options, int seed)
        : base(nameof(CollapseModel))
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(options);
        nn.Module<Tensor, Tensor> Map(int inputs, int outputs) => CollapseMaps.Linear(inputs, outputs, options.MlpBias, options, SigmaPlaces.Mlp);
        Sequential Mlp() => nn.Sequential(("up", Map(shape.Dim, 4 * shape.Dim)), ("gelu", nn.GELU()), ("down", Map(4 * shape.Dim, shape.Dim)));
        ModuleList<T> Each<T>(int count, Func<T> make)
            where T : nn.Module => nn.ModuleList([.. Enumerable.Range(0, count).Select(_ => make())]);
        (_tokens, _positions) = (nn.Embedding(shape.Vocabulary, shape.Dim), nn.Embedding(shape.Length, shape.Dim));
        _attention = Each(shape.Layers, () => new CollapseAttention(shape.Dim, shape.Heads, options));
        _mlps = Each(shape.Layers, Mlp);
        // Two a block, and the last one.
        _norms = Each(options.LayerNorm ? 2 * shape.Layers + 1 : 0, () => nn.LayerNorm(shape.Dim, bias: false));
        _head = nn.Linear(shape.Dim, shape.Vocabulary, hasBias: false);
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>The logits of the next tokens.</summary>
    /// <param name="input"><c>[B,T]</c>, int64.</param>
    /// <returns><c>[B,T,vocabulary]</c>.</returns>
    public override Tensor forward(Tensor input) => Forward(input, null);

    /// <summary>As a call; each layer's attention logits <c>[B,H,T,T]</c>, as its softmax gets them, go to <paramref name="look"/>.</summary>
    public Tensor Forward(Tensor input, Action<Tensor>? look)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var x = _tokens.call(input) + _positions.call(arange(input.size(1), ScalarType.Int64, input.device));
        for (var layer = 0; layer < _attention.Count; layer++)
        {
            x = x + _attention[layer].Attend(Norm(2 * layer, x), look);
            x = x + _mlps[layer].call(Norm(2 * layer + 1, x));
        }

        return _head.call(Norm(2 * _attention.Count, x)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean cross-entropy in nats over all places.</summary>
    public Tensor Loss(SequenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(call(batch.Inputs).flatten(0, 1), batch.Targets.flatten()).MoveToOuterDisposeScope();
    }

    /// <summary>The norms of each layer's maps.</summary>
    public IReadOnlyList<MapNorms> Norms() => [.. _attention.Select(layer => layer.Norms())];

    /// <summary>Multiplies γ of all queries and keys.</summary>
    /// <exception cref="InvalidOperationException">They are not under σReparam.</exception>
    public void MultiplyGamma(double factor)
    {
        foreach (var layer in _attention)
            layer.MultiplyGamma(factor);
    }

    private Tensor Norm(int index, Tensor x) => _norms.Count == 0 ? x : _norms[index].call(x);
}
