using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Attention over what is near and a neural memory of all that came before, <c>[B,T,d]</c> to <c>[B,T,d]</c> (Behrouz et al. 2025,
/// arXiv 2501.00663, §4). Where one gates the other, both are normalised with learned factors: y ∘ σ(m).
/// </summary>
public sealed class TitansBlock : nn.Module<Tensor, Tensor>
{
    private readonly TitansVariant _variant;
    private readonly TitansOptions _options;
    private readonly NeuralMemoryLayer _memory;
    private readonly ProjectedAttention? _attention;
    private readonly Parameter? _persistent, _attendedScale, _recalledScale;

    /// <summary>A block with fresh weights.</summary>
    /// <param name="variant">How attention and memory are put together.</param>
    /// <param name="options">The sizes.</param>
    /// <exception cref="ArgumentException">A size below 1, or channels that heads do not divide.</exception>
    public TitansBlock(TitansVariant variant, TitansOptions options)
        : base(nameof(TitansBlock))
    {
        using var scope = NewDisposeScope();
        (_variant, _options, _memory) = (variant, options, new(options));
        Arguments.Positive(options.Window, nameof(options.Window));
        if (variant != TitansVariant.Lmm)
        {
            Arguments.Positive(options.Persistent, nameof(options.Persistent));
            _persistent = nn.Parameter(randn(options.Persistent, options.Dim) / Math.Sqrt(options.Dim));
            _attention = new(options.Dim, options.Heads, Attend);
        }
        if (variant is TitansVariant.Mac or TitansVariant.Mag)
            (_attendedScale, _recalledScale) = (nn.Parameter(ones(options.Dim)), nn.Parameter(ones(options.Dim)));
        RegisterComponents();
        this.Keep();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (_variant switch
        {
            TitansVariant.Mac => InSegments(x),
            TitansVariant.Mag => Gated(Own(_attention!.call(Extended(x)), x), Own(_memory.call(Extended(x)), x)),
            TitansVariant.Mal => Own(_attention!.call(_memory.call(Extended(x))), x),
            _ => _memory.call(x),
        }).MoveToOuterDisposeScope();
    }

    /// <summary>Segment by segment: the memory before the segment is asked, attention reads its answers, and the memory learns what came of it.</summary>
    private Tensor InSegments(Tensor x)
    {
        var state = _memory.Begin(x.size(0));
        var outputs = new List<Tensor>();
        foreach (var segment in x.split(_options.Window, 1))
        {
            var attended = Own(_attention!.call(Extended(cat([_memory.Recall(segment, state), segment], 1))), segment);
            (var recalled, state) = _memory.Learn(attended, state);
            outputs.Add(Gated(attended, recalled));
        }
        return cat(outputs, 1);
    }

    private Tensor Extended(Tensor x) => cat([_persistent!.unsqueeze(0).expand(x.size(0), -1, -1), x], 1);

    /// <summary>The last tokens, as many as x has: those that were not put before it.</summary>
    private static Tensor Own(Tensor extended, Tensor x) => extended.narrow(1, extended.size(1) - x.size(1), x.size(1));

    private Tensor Gated(Tensor attended, Tensor recalled) =>
        SimpleRmsNorm.Apply(attended) * _attendedScale! * (SimpleRmsNorm.Apply(recalled) * _recalledScale!).sigmoid();

    private Tensor Attend(Tensor q, Tensor k, Tensor v)
    {
        using var scope = NewDisposeScope();
        var seen = _variant == TitansVariant.Mac ? SeenInSegment(q.size(2), q.device) : SeenInWindow(q.size(2), q.device);
        return Softmax.Plain(q, k, v, mask: seen).MoveToOuterDisposeScope();
    }

    /// <summary>Persistent tokens always; others no later than oneself, and in the window.</summary>
    private Tensor SeenInWindow(long length, Device device)
    {
        var place = arange(length, ScalarType.Int64, device);
        var back = place.unsqueeze(1) - place;
        return (place < _options.Persistent) | ((back >= 0) & (back < _options.Window));
    }

    /// <summary>Persistent tokens, what was recalled, then the segment: the segment's tokens see both of the latter up to their own place.</summary>
    private Tensor SeenInSegment(long length, Device device)
    {
        var place = arange(length, ScalarType.Int64, device) - _options.Persistent;
        var size = (length - _options.Persistent) / 2;
        var own = place.remainder(size);
        var recalled = place < size;
        return (place < 0) | ((recalled | (place >= size)) & (own.unsqueeze(1) >= own)) | (recalled & _options.FullRecall);
    }
}
