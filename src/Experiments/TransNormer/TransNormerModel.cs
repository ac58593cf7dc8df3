using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// A small TransNormerLLM (arXiv 2307.14995): blocks x += GLA(SRMSNorm(x)), x += SGLU(SRMSNorm(x)), a last SRMSNorm and a head. There is no
/// other source of order than the token mixer's.
/// </summary>
public sealed class TransNormerModel : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _tokens;
    private readonly ModuleList<NormLinearAttention> _mixers;
    private readonly ModuleList<SimpleGlu> _units;
    private readonly Linear _head;

    /// <summary>A model with fresh weights.</summary>
    /// <param name="shape">The size; its length bounds nothing here.</param>
    /// <param name="options">What of the recipe it has.</param>
    /// <param name="seed">Fixes the weights.</param>
    public TransNormerModel(TransformerShape shape, TransNormerOptions options, int seed)
        : base(nameof(TransNormerModel))
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(options);
        var slopes = DecaySlopes.Alibi(shape.Heads);
        NormLinearAttention Mixer(int layer) => new(
            shape.Dim, shape.Heads, options.HasDecay ? DecaySlopes.ForLayer(slopes, layer, shape.Layers) : new double[shape.Heads],
            options.HasAngles(layer), options.Gate);
        _tokens = nn.Embedding(shape.Vocabulary, shape.Dim);
        _mixers = nn.ModuleList([.. Enumerable.Range(0, shape.Layers).Select(Mixer)]);
        _units = nn.ModuleList([.. Enumerable.Range(0, shape.Layers).Select(_ => new SimpleGlu(shape.Dim, 2 * shape.Dim, options.Swish))]);
        _head = nn.Linear(shape.Dim, shape.Vocabulary, hasBias: false);
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>The logits of the next tokens.</summary>
    /// <param name="input"><c>[B,T]</c>, int64.</param>
    /// <returns><c>[B,T,vocabulary]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _tokens.call(input);
        foreach (var (mixer, unit) in _mixers.Zip(_units))
        {
            x = x + mixer.call(SimpleRmsNorm.Apply(x));
            x = x + unit.call(SimpleRmsNorm.Apply(x));
        }
        return _head.call(SimpleRmsNorm.Apply(x)).MoveToOuterDisposeScope();
    }

    /// <summary>The mean cross-entropy in nats over the places that have a target.</summary>
    public Tensor Loss(SequenceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        return nn.functional.cross_entropy(call(batch.Inputs).flatten(0, 1), batch.Targets.flatten(), ignore_index: SequenceBatch.NoTarget).MoveToOuterDisposeScope();
    }
}
