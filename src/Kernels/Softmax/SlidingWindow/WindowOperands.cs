using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Scaled queries, and keys and values with those of the cache before them, in the dtype of the sums.</summary>
/// <param name="Q"><c>[B,H,T,D]</c>.</param>
/// <param name="K"><c>[B,H,C+T,D]</c>.</param>
/// <param name="V"><c>[B,H,C+T,Dv]</c>.</param>
/// <param name="Window">w.</param>
/// <param name="Bias"><c>[H,w]</c>, or null.</param>
/// <param name="Dtype">The dtype of the inputs.</param>
internal readonly record struct WindowOperands(Tensor Q, Tensor K, Tensor V, int Window, Tensor? Bias, ScalarType Dtype)
{
    public static WindowOperands Of(Tensor q, Tensor k, Tensor v, int window, Tensor? initialState, double? scale, Tensor? bias)
    {
        Check(q, k, v, window, initialState, bias);
        var (queries, keys, values) = (q.Widen() * Arguments.Scale(scale, q.shape[3]), k.Widen(), v.Widen());
        if (initialState is not null)
        {
            var cached = initialState.to(keys.dtype);
            keys = cat([cached.narrow(3, 0, k.shape[3]), keys], 2);
            values = cat([cached.narrow(3, k.shape[3], v.shape[3]), values], 2);
        }
        return new(queries, keys, values, window, bias, q.dtype);
    }

    public static void Check(Tensor q, Tensor k, Tensor v, int window, Tensor? initialState, Tensor? bias)
    {
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        Arguments.Positive(window, nameof(window));
        if (initialState is not null)
        {
            var cached = initialState.dim() == 4 ? Math.Clamp(initialState.shape[2], 1, window) : window;
            Arguments.Shape(initialState, nameof(initialState), q, "[B,H,C,D+Dv], C ≤ w", q.shape[0], q.shape[1], cached, q.shape[3] + v.shape[3]);
        }
        if (bias is not null && !bias.shape.SequenceEqual([q.shape[1], window]))
            Arguments.Fail("distanceBias", Arguments.Text(bias.shape), $"[H,w] = {Arguments.Text([q.shape[1], window])}");
    }

    /// <summary>The outputs of <paramref name="size"/> queries from <paramref name="start"/>.</summary>
    public Tensor Attend(long start, long size)
    {
        var past = K.shape[2] - Q.shape[2];
        var first = Math.Max(0, past + start - Window + 1);
        var count = past + start + size - first;
        var distances = arange(past + start, past + start + size, ScalarType.Int64, Q.device).unsqueeze(1)
            - arange(first, first + count, ScalarType.Int64, Q.device);
        var weights = Weigh(Q.narrow(2, start, size), K.narrow(2, first, count), distances, Window, Bias);
        return weights.matmul(V.narrow(2, first, count)).to(Dtype);
    }

    /// <summary>Softmax weights of keys by their distance from the query: those from 0 to w − 1 are seen.</summary>
    public static Tensor Weigh(Tensor queries, Tensor keys, Tensor distances, int window, Tensor? bias)
    {
        var scores = queries.matmul(keys.transpose(-2, -1));
        if (bias is not null)
        {
            var nearest = distances.clamp(0, window - 1);
            scores = scores + bias.to(scores.dtype).index_select(1, nearest.flatten()).view(bias.shape[0], nearest.shape[0], nearest.shape[1]);
        }
        var hidden = (distances < 0) | (distances >= window);
        return scores.masked_fill(hidden, double.NegativeInfinity).softmax(-1);
    }

    /// <summary>The last tokens' keys and values, at most w of them, in the dtype of the inputs.</summary>
    public Tensor Cache()
    {
        var kept = Math.Min(Window, K.shape[2]);
        return cat([K.narrow(2, K.shape[2] - kept, kept), V.narrow(2, V.shape[2] - kept, kept)], 3).to(Dtype);
    }
}
