using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>One decoding step over caches that lie side by side, with its arguments checked.</summary>
internal sealed record DecodeStep(
    Tensor Q, Tensor K, Tensor V, IReadOnlyList<int> Lengths, int Window, int Sinks, int? Workers, double Scale)
{
    public static DecodeStep Of(
        Tensor q, Tensor k, Tensor v, IReadOnlyList<int>? lengths, int? window, int sinks, int? workers, double? scale)
    {
        if (q is null || q.dim() != 4 || q.size(2) != 1)
            Arguments.Fail(nameof(q), q is null ? "null" : Arguments.Text(q.shape), "[B,H,1,D]: one query a sequence and head");
        if (k is null || k.dim() != 4 || k.size(1) == 0 || q!.size(1) % k.size(1) != 0)
            Arguments.Fail(nameof(k), k is null ? "null" : Arguments.Text(k.shape), $"[B,Hk,N,D], with {q!.size(1)} query heads a multiple of Hk");
        using (NewDisposeScope())
            Arguments.Qkv(q!.size(1) == k!.size(1) ? q : q.narrow(1, 0, k.size(1)), k, v);
        Arguments.Positive(workers ?? 1, nameof(workers));
        Arguments.Positive(window ?? 1, nameof(window));
        if (sinks < 0)
            Arguments.Fail(nameof(sinks), Text(sinks), "a number of keys, 0 or more");
        var capacity = (int)k.size(2);
        lengths ??= [.. Enumerable.Repeat(capacity, (int)q.size(0))];
        if (lengths.Count != q.size(0))
            Arguments.Fail(nameof(lengths), $"{lengths.Count} numbers", $"{q.size(0)}, one a sequence (B)");
        foreach (var length in lengths)
            if (length < 1 || length > capacity)
                Arguments.Fail(nameof(lengths), Text(length), $"from 1 to N = {capacity}");
        return new(q, k, v, lengths, Math.Min(window ?? capacity, capacity), sinks, workers, Arguments.Scale(scale, q.size(3)));
    }

    /// <summary>Output and LSE by the CUDA kernel; null where it does not serve the call, or cannot run.</summary>
    public AttentionOutput? TryKernel() => !LeanDecodeKernel.Serves(Q, K, V) ? null : CudaKernels.TryRun(() =>
    {
        var (output, logSumExp) = LeanDecodeKernel.Run(Q, K, V, Lengths, Window, Sinks, Scale, Workers);
        return new AttentionOutput(output, logSumExp);
    });

    /// <summary>Each sequence's keys and values that are seen.</summary>
    public IReadOnlyList<SequenceCache> Caches() => [.. Lengths.Select((length, i) => new SequenceCache(Seen(K[i], length), Seen(V[i], length)))];

    private Tensor Seen(Tensor cache, int length)
    {
        var first = Math.Max(0, length - Window);
        var near = cache.narrow(1, first, length - first);
        var far = Math.Min(Sinks, first);
        return far == 0 ? near : cat([cache.narrow(1, 0, far), near], 1);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
