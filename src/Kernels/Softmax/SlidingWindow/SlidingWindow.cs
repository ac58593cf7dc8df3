using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Softmax attention over the last w tokens: query i sees keys i − w + 1 to i, O_i = softmax(s·q_iK_{i−w+1…i}ᵀ)V_{i−w+1…i}, s = 1/√D
/// (Beltagy et al. 2020, arXiv 2004.05150; Child et al. 2019). Causal self-attention.
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,T,D]</c>, <c>k [B,H,T,D]</c>, <c>v [B,H,T,Dv]</c>, one floating dtype; scores and sums of half-precision inputs are
/// float32. The state is the rolling cache <c>[B,H,C,D+Dv]</c>, 1 ≤ C ≤ w: the last tokens' keys beside their values, oldest first. Bad
/// arguments give an <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class SlidingWindow
{
    /// <summary>The window of the catalogue's row, in tokens.</summary>
    public const int DefaultWindow = 16;

    /// <summary>All scores at once with a band as mask: O(T²) memory.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="window">w, tokens that a query sees, itself among them.</param>
    /// <param name="initialState"><c>[B,H,C,D+Dv]</c>, as an earlier call returned it; nothing came before when null.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="distanceBias"><c>[H,w]</c>, added to the score of the key so many tokens back; none when null.</param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="q"/>, and the cache after all tokens.</returns>
    public static AttentionOutput Plain(
        Tensor q, Tensor k, Tensor v, int window = DefaultWindow, Tensor? initialState = null, double? scale = null, Tensor? distanceBias = null)
    {
        using var scope = NewDisposeScope();
        var x = WindowOperands.Of(q, k, v, window, initialState, scale, distanceBias);
        return new AttentionOutput(x.Attend(0, q.size(2)), x.Cache()).MoveOut();
    }

    /// <summary>
    /// Block by block, each over the keys that its queries see: O(T·(block + w)) time and memory; in half precision on a Hopper GPU, with neither a
    /// state, a bias nor a block given, by a CUDA kernel.
    /// </summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="window">w, tokens that a query sees, itself among them.</param>
    /// <param name="initialState"><c>[B,H,C,D+Dv]</c>, as an earlier call returned it; nothing came before when null.</param>
    /// <param name="block">Queries a block, the last of which may be shorter; the larger of w and 64 when null.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="distanceBias"><c>[H,w]</c>, added to the score of the key so many tokens back; none when null.</param>
    /// <inheritdoc cref="Plain" path="/returns"/>
    public static AttentionOutput Blocks(
        Tensor q, Tensor k, Tensor v, int window = DefaultWindow, Tensor? initialState = null, int? block = null, double? scale = null, Tensor? distanceBias = null)
    {
        Arguments.Positive(block ?? 1, nameof(block));
        WindowOperands.Check(q, k, v, window, initialState, distanceBias);
        using var scope = NewDisposeScope();
        if (block is null && initialState is null && distanceBias is null && TryKernel(q, k, v, window, 0, scale) is { } fast)
            return new AttentionOutput(fast, WindowOperands.Cache(k, v, window)).MoveOut();
        var x = WindowOperands.Of(q, k, v, window, initialState, scale, distanceBias);
        return new AttentionOutput(InBlocks(x, block), x.Cache()).MoveOut();
    }

    /// <summary>
    /// A whole sequence, whose first <paramref name="sinks"/> tokens every later one sees besides its window (Xiao et al. 2023, arXiv 2309.17453).
    /// O(T·(w + sinks)) time; block by block, or in half precision on a Hopper GPU, the block left open, by a CUDA kernel.
    /// </summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="window">w, tokens that a query sees, itself among them.</param>
    /// <param name="sinks">First tokens that stay in sight; none when 0.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="block">Queries a block, the last of which may be shorter; the larger of w and 64 when null.</param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Prefill(Tensor q, Tensor k, Tensor v, int window, int sinks = 0, double? scale = null, int? block = null)
    {
        Arguments.Positive(block ?? 1, nameof(block));
        if (sinks < 0)
            Arguments.Fail(nameof(sinks), sinks.ToString(System.Globalization.CultureInfo.InvariantCulture), "a number of tokens, 0 or more");
        WindowOperands.Check(q, k, v, window, null, null);
        if (block is null && TryKernel(q, k, v, window, sinks, scale) is { } fast)
            return fast;
        using var scope = NewDisposeScope();
        return InBlocks(WindowOperands.Of(q, k, v, window, null, scale, null) with { Sinks = sinks }, block).MoveToOuterDisposeScope();
    }

    private static Tensor? TryKernel(Tensor q, Tensor k, Tensor v, int window, int sinks, double? scale) =>
        TileFunction.TryAttend(q, k, v, new(TileActivation.Softmax, TileSight.Near(window, sinks), Arguments.Scale(scale, q.size(3))));

    private static Tensor InBlocks(WindowOperands x, int? block)
    {
        long size = block ?? Math.Max(x.Window, 64);
        var outputs = new List<Tensor>();
        for (var start = 0L; start < x.Q.size(2); start += size)
            outputs.Add(x.Attend(start, Math.Min(size, x.Q.size(2) - start)));
        return cat(outputs, 2);
    }

    /// <summary>One token after another, each with the cache that the one before it left, as in decoding: O(T·w).</summary>
    /// <inheritdoc cref="Plain"/>
    public static AttentionOutput Recurrent(
        Tensor q, Tensor k, Tensor v, int window = DefaultWindow, Tensor? initialState = null, double? scale = null, Tensor? distanceBias = null)
    {
        WindowOperands.Check(q, k, v, window, initialState, distanceBias);
        using var scope = NewDisposeScope();
        var (state, outputs) = (initialState, new List<Tensor>());
        for (var t = 0L; t < q.size(2); t++)
        {
            var step = Step(q.narrow(2, t, 1), k.narrow(2, t, 1), v.narrow(2, t, 1), state, window, scale, distanceBias);
            outputs.Add(step.Output);
            state = step.State;
        }
        return new AttentionOutput(cat(outputs, 2), state).MoveOut();
    }

    /// <summary>One decoding step: tensors with T = 1 and the cache before it.</summary>
    /// <returns><c>[B,H,1,Dv]</c> and the cache after it.</returns>
    /// <inheritdoc cref="Plain"/>
    public static AttentionOutput Step(
        Tensor q, Tensor k, Tensor v, Tensor? initialState, int window = DefaultWindow, double? scale = null, Tensor? distanceBias = null) =>
        Plain(q, k, v, window, initialState, scale, distanceBias);

    /// <summary>The attention matrix, rows summing to one; without an initial state.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="window">w, tokens that a query sees, itself among them.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="distanceBias"><c>[H,w]</c>, added to the score of the key so many tokens back; none when null.</param>
    /// <returns><c>[B,H,rows,T]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(
        Tensor q, Tensor k, int window = DefaultWindow, IReadOnlyList<int>? rows = null, double? scale = null, Tensor? distanceBias = null)
    {
        WindowOperands.Check(q, k, k, window, null, distanceBias);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        using var scope = NewDisposeScope();
        var length = q.size(2);
        var places = rows is null ? arange(length, ScalarType.Int64, q.device) : tensor(rows.Select(row => (long)row).ToArray(), device: q.device);
        var distances = places.unsqueeze(1) - arange(length, ScalarType.Int64, q.device);
        var queries = q.Pick(rows).Widen() * Arguments.Scale(scale, q.size(3));
        return WindowOperands.Weigh(queries, k.Widen(), distances, window, distanceBias).MoveToOuterDisposeScope();
    }
}
