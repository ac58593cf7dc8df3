using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// One attention layer that can solve <see cref="Mqar"/>: embeddings, a short convolution that lets a token know the one before it, attention
/// with queries and keys from the convolved stream and values from the embeddings themselves, logits.
/// </summary>
public sealed class ConvolutionRecallModel : nn.Module<Tensor, Tensor>
{
    private const int Dim = 32;
    private readonly Embedding _tokens;
    private readonly ShortConvolution _convolution;
    private readonly Linear _query, _key, _value, _head;

    /// <summary>A model of 32 channels and one head.</summary>
    /// <param name="vocabulary">Token ids.</param>
    /// <param name="mixer">The attention.</param>
    /// <param name="seed">Fixes the weights.</param>
    public ConvolutionRecallModel(int vocabulary, RecallMixer mixer, int seed)
        : base(nameof(ConvolutionRecallModel))
    {
        ArgumentNullException.ThrowIfNull(mixer);
        Core = mixer.Core;
        Linear Projection(int outputs) => nn.Linear(Dim, outputs, hasBias: false);
        (_tokens, _convolution) = (nn.Embedding(vocabulary, Dim), new(Dim));
        (_query, _key, _value, _head) = (Projection(mixer.KeyDim), Projection(mixer.KeyDim), Projection(Dim), nn.Linear(Dim, vocabulary));
        RegisterComponents();
        Weights.InitialiseAsTorch(this, seed);
    }

    /// <summary>The attention, which may be replaced by another on the same queries and keys.</summary>
    public AttentionCore Core { get; set; }

    /// <summary>The logits of the next tokens.</summary>
    /// <param name="input"><c>[B,T]</c>, int64.</param>
    /// <returns><c>[B,T,vocabulary]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Operands(input);
        return _head.call(Core(q, k, v).squeeze(1)).MoveToOuterDisposeScope();
    }

    /// <summary>What the attention is given.</summary>
    /// <param name="input"><c>[B,T]</c>, int64.</param>
    /// <returns>q and k <c>[B,1,T,d']</c>, v <c>[B,1,T,32]</c>.</returns>
    public (Tensor Q, Tensor K, Tensor V) Operands(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _tokens.call(input);
        var mixed = _convolution.call(x);
        Tensor One(Linear map, Tensor of) => map.call(of).unsqueeze(1).MoveToOuterDisposeScope();
        return (One(_query, mixed), One(_key, mixed), One(_value, x));
    }
}
