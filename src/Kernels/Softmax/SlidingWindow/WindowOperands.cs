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
        var (queries, keys, values) = (q.Widen() * Arguments.Scale(scale, q.size(3)), k.Widen(), v.Widen());
        if (initialState is not null)
        {
            var cached = initialState.to(keys.dtype);
            keys = cat([cached.narrow(3, 0, k.size(3)), keys], 2);
            values = cat([cached.narrow(3, k.size(3), v.size(3)), values], 2);
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
            var cached = initialState.dim() == 4 ? Math.Clamp(initialState.size(2), 1, window) : window;
            Arguments.Shape(initialState, nameof(initialState), q, "[B,H,C,D+Dv], C ≤ w", q.size(0), q.size(1), cached, q.size(3) + v.size(3));
        }
        if (bias is not null && !bias.shape.SequenceEqual([q.size(1), window]))
            Arguments.Fail("distanceBias", Arguments.Text(bias.shape), $"[H,w] = {Arguments.Text([q.size(1), window])}");
    }

    /// <summary>First keys that all later queries see; only without a cache.</summary>
    public int Sinks { get; init; }

    /// <summary>The outputs of <paramref name="size"/> queries from <paramref name="start"/>.</summary>
    public Tensor Attend(long start, long size)
    {
        var past = K.size(2) - Q.size(2);
        var first = Math.Max(0, past + start - Window + 1);
        var count = past + start + size - first;
        var far = Math.Min(Sinks, first);
        Tensor Seen(Tensor tensor) => far == 0 ? tensor.narrow(2, first, count) : cat([tensor.narrow(2, 0, far), tensor.narrow(2, first, count)], 2);
        var places = cat([arange(far, ScalarType.Int64, Q.device), arange(first, first + count, ScalarType.Int64, Q.device)]);
        var distances = arange(past + start, past + start + size, ScalarType.Int64, Q.device).unsqueeze(1) - places;
        var weights = Weigh(Q.narrow(2, start, size), Seen(K), distances, Window, Bias, Sinks > 0 ? places < Sinks : null);
        return weights.matmul(Seen(V)).to(Dtype);
    }

    /// <summary>Softmax weights of keys by their distance from the query: those from 0 to w − 1 are seen, and those that <paramref name="always"/> says at any distance.</summary>
    public static Tensor Weigh(Tensor queries, Tensor keys, Tensor distances, int window, Tensor? bias, Tensor? always = null)
    {
        var scores = queries.matmul(keys.transpose(-2, -1));
        if (bias is not null)
        {
            var nearest = distances.clamp(0, window - 1);
            scores = scores + bias.to(scores.dtype).index_select(1, nearest.flatten()).view(bias.size(0), nearest.size(0), nearest.size(1));
        }
        var far = distances >= window;
        var hidden = (distances < 0) | (always is null ? far : far & ~always);
        return scores.masked_fill(hidden, double.NegativeInfinity).softmax(-1);
    }

    /// <summary>The last tokens' keys and values, at most w of them, in the dtype of the inputs.</summary>
    public Tensor Cache() => Cache(K, V, Window).to(Dtype);

    /// <inheritdoc cref="Cache()"/>
    public static Tensor Cache(Tensor k, Tensor v, int window)
    {
        var kept = Math.Min(window, k.size(2));
        return cat([k.narrow(2, k.size(2) - kept, kept), v.narrow(2, v.size(2) - kept, kept)], 3);
    }
}
