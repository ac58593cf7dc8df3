using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>A layer of a <see cref="StackedRecallModel"/>.</summary>
public enum RecallLayer
{
    /// <summary>Softmax over the last four tokens with a learned bias for each distance: the only layer that knows of positions.</summary>
    Window,

    /// <summary>Softmax over all tokens so far.</summary>
    Softmax,

    /// <summary>Taylor linear attention over all tokens so far.</summary>
    Taylor,
}

/// <summary>Embeddings, two attention layers beside a residual stream, logits: no convolution and no positions but those in a window's bias.</summary>
public sealed class StackedRecallModel : nn.Module<Tensor, Tensor>
{
    private const int Dim = 32;
    private readonly Embedding _tokens;
    private readonly ModuleList<StackedRecallLayer> _layers;
    private readonly Linear _head;

    /// <summary>A model of 32 channels, one head and 16 channels of queries and keys.</summary>
    /// <param name="vocabulary">Token ids.</param>
    /// <param name="layers">The layers from the first.</param>
    /// <param name="seed">Fixes the weights.</param>
    public StackedRecallModel(int vocabulary, IReadOnlyList<RecallLayer> layers, int seed)
        : base(nameof(StackedRecallModel))
    {
        ArgumentNullException.ThrowIfNull(layers);
        _tokens = nn.Embedding(vocabulary, Dim);
        _layers = nn.ModuleList([.. layers.Select(layer => new StackedRecallLayer(Dim, layer))]);
        _head = nn.Linear(Dim, vocabulary);
        RegisterComponents();
        Weights.InitialiseAsTorch(this, seed);
    }

    /// <summary>The logits of the next tokens.</summary>
    /// <param name="input"><c>[B,T]</c>, int64.</param>
    /// <returns><c>[B,T,vocabulary]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _layers.Aggregate(_tokens.call(input), (stream, layer) => stream + layer.call(stream));
        return _head.call(x).MoveToOuterDisposeScope();
    }
}
