using Attn.Kernels;

namespace Attn.Experiments;

/// <summary>What stands between queries, keys and values in a recall model: causal attention of one kind, and the state that it decodes with.</summary>
/// <param name="Name">What figures call it.</param>
/// <param name="KeyDim">Channels of its queries and keys.</param>
/// <param name="Core">The attention.</param>
/// <param name="StateFloats">Floats of state a sequence, from its length and the channels of a value.</param>
public sealed record RecallMixer(string Name, int KeyDim, AttentionCore Core, Func<int, int, long> StateFloats)
{
    /// <summary>Softmax over all tokens so far; its state is a key-value cache.</summary>
    public static RecallMixer Softmax(int keyDim) =>
        new("softmax", keyDim, (q, k, v) => Kernels.Softmax.Plain(q, k, v, causal: true), (length, valueDim) => (long)length * (keyDim + valueDim));

    /// <summary>Softmax over the last tokens.</summary>
    public static RecallMixer Window(int window, int keyDim) =>
        new($"window {window}", keyDim, (q, k, v) => SlidingWindow.Plain(q, k, v, window).Output, (length, valueDim) => (long)Math.Min(length, window) * (keyDim + valueDim));

    /// <summary>Linear attention with elu + 1.</summary>
    public static RecallMixer Elu(int keyDim) => new(
        $"elu + 1, d' = {keyDim}", keyDim, (q, k, v) => LinearAttention.Parallel(q, k, v, causal: true).Output, (_, valueDim) => (long)keyDim * (valueDim + 1));

    /// <summary>Taylor linear attention, its state counted as the paper does.</summary>
    public static RecallMixer Taylor(int keyDim) => new(
        $"Taylor, d' = {keyDim}", keyDim, (q, k, v) => TaylorFeatureMap.Pairwise(q, k, v, causal: true),
        (_, valueDim) => (long)TaylorFeatureMap.SymmetricWidth(keyDim) * (valueDim + 1));
}
