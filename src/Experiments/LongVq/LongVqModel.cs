using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Token embeddings, one LongVQ layer, a layer norm and a reading of one token at each place; no code of positions.</summary>
public sealed class LongVqModel : nn.Module<Tensor, Tensor>
{
    private const double CommitmentWeight = 0.25;
    private readonly Embedding _tokens;
    private readonly LongVqLayer _layer;
    private readonly LayerNorm _norm;
    private readonly Linear _head;

    /// <summary>A model with fresh weights.</summary>
    /// <param name="vocabulary">Token ids.</param>
    /// <param name="options">The layer.</param>
    /// <param name="seed">Fixes the weights.</param>
    public LongVqModel(int vocabulary, LongVqOptions options, int seed)
        : base(nameof(LongVqModel))
    {
        ArgumentNullException.ThrowIfNull(options);
        (_tokens, _layer) = (nn.Embedding(vocabulary, options.Dim), new(options with { Seed = seed }));
        (_norm, _head) = (nn.LayerNorm(options.Dim), nn.Linear(options.Dim, vocabulary));
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>The logits, <c>[B,T,vocabulary]</c> for tokens <c>[B,T]</c>.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var y = _head.call(_norm.call(_layer.call(_tokens.call(input)))).MoveToOuterDisposeScope();
        _layer.Commitment?.MoveToOuterDisposeScope();
        return y;
    }

    /// <summary>The mean cross-entropy over the places that have a target, and a quarter of the commitment of keys to codes.</summary>
    public Tensor Loss(SequenceBatch batch)
    {
        using var scope = NewDisposeScope();
        var loss = nn.functional.cross_entropy(call(batch.Inputs).flatten(0, 1), batch.Targets.flatten(), ignore_index: SequenceBatch.NoTarget);
        return (_layer.Commitment is { } commitment ? loss + CommitmentWeight * commitment : loss).MoveToOuterDisposeScope();
    }

    /// <summary>The share of right answers.</summary>
    public double Accuracy(SequenceBatch batch)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        eval();
        var asked = batch.Targets.ne(SequenceBatch.NoTarget);
        return (call(batch.Inputs).argmax(-1).eq(batch.Targets) & asked).sum().item<long>() / (double)asked.sum().item<long>();
    }

    /// <summary>How many codes the keys of a batch use.</summary>
    public int UsedCodes(SequenceBatch batch)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return (int)_layer.Quantizer.Usage(_layer.Keys(_tokens.call(batch.Inputs))).gt(0).sum().item<long>();
    }

    /// <summary>Takes over the weights of a model with another codebook, and makes codes of the keys that they give.</summary>
    public void WarmStart(LongVqModel other, SequenceBatch batch, long seed)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (mine, others) in parameters().Zip(other.parameters()))
            mine.copy_(others);
        _layer.Quantizer.InitialiseFrom(_layer.Keys(_tokens.call(batch.Inputs)), iterations: 20, seed);
    }
}
