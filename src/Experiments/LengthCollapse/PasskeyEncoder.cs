using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// A small encoder that reads the class of a <see cref="PasskeyTask"/> text off its CLS token: two pre-norm blocks of 32 channels and two heads,
/// no positions. Its temperature can be changed after training.
/// </summary>
public sealed class PasskeyEncoder : nn.Module<Tensor, Tensor>
{
    private const int Dim = 32, Layers = 2, Heads = 2;
    private readonly Embedding _tokens;
    private readonly ModuleList<TransformerBlock> _blocks;
    private readonly LayerNorm _norm;
    private readonly Linear _head;

    /// <summary>A model with fresh weights.</summary>
    /// <param name="seed">Fixes them.</param>
    public PasskeyEncoder(int seed)
        : base(nameof(PasskeyEncoder))
    {
        (_tokens, _norm) = (nn.Embedding(PasskeyTask.Vocabulary, Dim), nn.LayerNorm(Dim));
        _head = nn.Linear(Dim, PasskeyTask.Classes, hasBias: false);
        _blocks = nn.ModuleList([.. Enumerable.Range(0, Layers).Select(_ => new TransformerBlock(Dim, new ProjectedAttention(Dim, Heads, Attend)))]);
        RegisterComponents();
        Weights.Initialise(this, seed);
    }

    /// <summary>τ: logits are divided by it.</summary>
    public double Temperature { get; set; } = 1;

    /// <summary>Told what each layer mixes, from the first; the tensors live as long as the call.</summary>
    public MixingObserver? Observe { get; set; }

    /// <summary>The texts' embeddings, their CLS tokens after the last norm.</summary>
    /// <param name="texts"><c>[B,n]</c>, int64, CLS first.</param>
    /// <returns><c>[B,32]</c>.</returns>
    public Tensor Embed(Tensor texts)
    {
        using var scope = NewDisposeScope();
        var x = _tokens.call(texts);
        foreach (var block in _blocks)
            x = block.call(x);
        return _norm.call(x.select(1, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>The logits of each text's class.</summary>
    /// <param name="input"><c>[B,n]</c>, int64, CLS first.</param>
    /// <returns><c>[B,16]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return Classify(Embed(input)).MoveToOuterDisposeScope();
    }

    /// <summary>The logits of the class of each embedding, <c>[B,32]</c> to <c>[B,16]</c>.</summary>
    public Tensor Classify(Tensor embeddings) => _head.call(embeddings);

    private Tensor Attend(Tensor q, Tensor k, Tensor v)
    {
        using var scope = NewDisposeScope();
        var scale = 1 / (Temperature * Math.Sqrt(Dim / Heads));
        if (Observe is null)
            return Kernels.Softmax.Sdpa(q, k, v, scale: scale).MoveToOuterDisposeScope();
        var weights = Kernels.Softmax.Weights(q, k, scale: scale);
        Observe(weights, v);
        return weights.matmul(v).MoveToOuterDisposeScope();
    }
}
