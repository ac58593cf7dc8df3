using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>One sequence's cached keys and values.</summary>
/// <param name="K"><c>[Hk,N,D]</c>.</param>
/// <param name="V"><c>[Hk,N,Dv]</c>.</param>
public readonly record struct SequenceCache(Tensor K, Tensor V);

/// <summary>
/// LeanAttention: exact softmax attention for decoding. Keys are cut into small tiles, the tiles of all sequences and heads are shared
/// out equally (<see cref="LeanSchedule"/>), and the partial results of an output that several workers share are merged
/// (<see cref="SoftmaxPartial"/>; arXiv 2405.10480).
/// </summary>
/// <remarks>
/// The workers run one after another in host memory: this is the schedule to read and to test; on a GPU a kernel has them run at once. Half-precision inputs are summed in
/// float32. The result is the same for a given number of workers, and equal but for rounding for all. Bad arguments give an
/// <see cref="ArgumentException"/> that names the argument.
/// </remarks>
public static class LeanAttention
{
    /// <summary>Keys a tile: what keeps one multiprocessor busy at D = 64.</summary>
    public const int DefaultTile = 256;

    /// <summary>One decoding step over caches of different lengths. Query heads that share a key-value head (GQA) share its tiles.</summary>
    /// <param name="q"><c>[B,H,1,D]</c>, the query of the newest token of each sequence.</param>
    /// <param name="caches">One a sequence: <c>[Hk,N_b,D]</c> and <c>[Hk,N_b,Dv]</c>, with H a multiple of Hk.</param>
    /// <param name="workers">G, workers.</param>
    /// <param name="tile">Keys a tile.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <returns><c>[B,H,1,Dv]</c> in the dtype of <paramref name="q"/>, and the LSE <c>[B,H,1]</c>; not differentiable.</returns>
    public static (Tensor Output, Tensor LogSumExp) Decode(
        Tensor q, IReadOnlyList<SequenceCache> caches, int workers, int tile = DefaultTile, double? scale = null)
    {
        Arguments.Positive(workers, nameof(workers));
        ArgumentNullException.ThrowIfNull(caches);
        if (q is null || q.dim() != 4 || q.size(2) != 1)
            Arguments.Fail(nameof(q), q is null ? "null" : Arguments.Text(q.shape), "[B,H,1,D]: one query a sequence and head");
        if (caches.Count != q.size(0))
            Arguments.Fail(nameof(caches), $"{caches.Count} caches", $"{q.size(0)}, one a sequence (B)");
        using var scope = NewDisposeScope();
        var problems = caches.SelectMany((cache, sequence) => Problems(q.narrow(0, sequence, 1), cache, tile, scale)).ToArray();
        var results = LeanExecutor.Run(problems, workers);
        var output = cat([.. results.Select(result => result.Output.transpose(1, 2))], 1).reshape(q.size(0), q.size(1), 1, -1);
        var logSumExp = cat([.. results.Select(result => result.LogSumExp.transpose(1, 2))], 1).reshape(q.size(0), q.size(1), 1);
        return (output.MoveToOuterDisposeScope(), logSumExp.MoveToOuterDisposeScope());
    }

    /// <summary>
    /// One decoding step over caches that lie side by side, by a CUDA kernel where it serves: in half precision, D = Dv of 64 or 128, at most 16 query
    /// heads a key-value head, no gradients. Else as <see cref="Decode(Tensor, IReadOnlyList{SequenceCache}, int, int, double?)"/>.
    /// </summary>
    /// <param name="q"><c>[B,H,1,D]</c>, the query of the newest token of each sequence.</param>
    /// <param name="k"><c>[B,Hk,N,D]</c>, with H a multiple of Hk.</param>
    /// <param name="v"><c>[B,Hk,N,Dv]</c>.</param>
    /// <param name="lengths">Keys that each sequence has, from 1 to N; N when null.</param>
    /// <param name="window">How many of the last keys are seen; all when null.</param>
    /// <param name="sinks">How many of the first keys are seen besides the window.</param>
    /// <param name="workers">G, workers; one a multiprocessor, or processor, when null.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <returns><c>[B,H,1,Dv]</c> in the dtype of <paramref name="q"/>, and the LSE <c>[B,H,1]</c>; not differentiable.</returns>
    public static (Tensor Output, Tensor LogSumExp) Decode(
        Tensor q, Tensor k, Tensor v, IReadOnlyList<int>? lengths = null, int? window = null, int sinks = 0, int? workers = null, double? scale = null)
    {
        var step = DecodeStep.Of(q, k, v, lengths, window, sinks, workers, scale);
        using var off = no_grad();
        return step.TryKernel() is { } fast ? (fast.Output, fast.State!) : Decode(q, step.Caches(), workers ?? Environment.ProcessorCount, scale: scale);
    }

    /// <summary>Attention with gradients by q, k and v; autograd keeps O(T·D) elements for it.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place, aligned at the ends.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="tile">Keys a tile.</param>
    /// <param name="workers">G, workers; one a processor when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>; zeros for a query that sees no key.</returns>
    public static Tensor Attend(
        Tensor q, Tensor k, Tensor v, bool causal = false, double? scale = null, int tile = DefaultTile, int? workers = null)
    {
        Arguments.Positive(workers ?? 1, nameof(workers));
        Arguments.Positive(tile, nameof(tile));
        Arguments.Qkv(q, k, v);
        var differentiable = is_grad_enabled() && (q.requires_grad || k.requires_grad || v.requires_grad);
        if (q.size(2) == 1 && tile == DefaultTile && !differentiable && DecodeStep.Of(q, k, v, null, null, 0, workers, scale).TryKernel() is { } fast)
        {
            fast.State!.Dispose();
            return fast.Output;
        }
        var tiles = Tiles.Of(q, k, v, causal, scale, new((int)q.size(2), tile));
        return LeanFunction.Call(q, k, v, tiles, workers ?? Environment.ProcessorCount)[0];
    }

    /// <summary>The problems of one sequence, one a key-value head: its query heads are the rows.</summary>
    private static IEnumerable<Tiles> Problems(Tensor q, SequenceCache cache, int tile, double? scale)
    {
        var (k, v) = cache;
        var wrong = k is null || v is null || k.dim() != 3 || v.dim() != 3 || k.size(0) == 0 || q.size(1) % k.size(0) != 0;
        if (wrong)
            Arguments.Fail("caches", $"{Shape(k)} and {Shape(v)}", $"[Hk,N,D] and [Hk,N,Dv], with {q.size(1)} query heads a multiple of Hk");
        var grouped = q.reshape(1, k!.size(0), -1, q.size(3));
        var (keys, values) = (k.unsqueeze(0), v!.unsqueeze(0));
        Arguments.Qkv(grouped, keys, values);
        for (var head = 0L; head < k.size(0); head++)
            yield return Tiles.Of(
                grouped.narrow(1, head, 1), keys.narrow(1, head, 1), values.narrow(1, head, 1), causal: false, scale, new((int)grouped.size(2), tile));

        static string Shape(Tensor? tensor) => tensor is null ? "null" : Arguments.Text(tensor.shape);
    }
}
