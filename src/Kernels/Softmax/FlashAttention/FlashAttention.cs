using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// FlashAttention: exact softmax attention by tiles, with an online softmax forward and a backward pass that recomputes the
/// weights, so that no Tq×Tk matrix ever exists (Dao et al. 2022, arXiv 2205.14135; loop order of Dao 2023).
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, one floating dtype; sums of half-precision inputs are
/// float32. Causal attention is aligned at the ends: query i sees keys up to i + Tk − Tq. A query that sees no key gives zeros and
/// an LSE of −∞. Any tile size gives the same function. Bad arguments give an <see cref="ArgumentException"/> that names the argument.
/// </remarks>
public static class FlashAttention
{
    /// <summary>Attention with gradients by q, k and v; autograd keeps O(T·D) elements for it.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <param name="tile">Tile size; <see cref="TileSize.For"/> when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Attend(Tensor q, Tensor k, Tensor v, bool causal = false, double? scale = null, TileSize? tile = null) =>
        FlashFunction.Call(q, k, v, Tiles.Of(q, k, v, causal, scale, tile), false)[0];

    /// <summary>As <see cref="Attend"/>, with the log-sum-exp of each row, differentiable too.</summary>
    /// <returns><c>[B,H,Tq,Dv]</c>, and <c>[B,H,Tq]</c> in float64 for float64 inputs, else float32.</returns>
    /// <inheritdoc cref="Attend"/>
    public static (Tensor Output, Tensor LogSumExp) AttendWithLogSumExp(
        Tensor q, Tensor k, Tensor v, bool causal = false, double? scale = null, TileSize? tile = null)
    {
        var results = FlashFunction.Call(q, k, v, Tiles.Of(q, k, v, causal, scale, tile), true);
        return (results[0], results[1]);
    }

    /// <summary>The forward pass alone, without gradients.</summary>
    /// <returns>O <c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>, and LSE <c>[B,H,Tq]</c> in float64 for float64 inputs, else float32.</returns>
    /// <inheritdoc cref="Attend"/>
    public static (Tensor Output, Tensor LogSumExp) Forward(
        Tensor q, Tensor k, Tensor v, bool causal = false, double? scale = null, TileSize? tile = null) =>
        FlashForward.Run(Tiles.Of(q, k, v, causal, scale, tile));

    /// <summary>The forward pass, counting what crosses slow memory and what temporaries hold.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="tile">Tile size.</param>
    /// <param name="io">The counts, over all batch entries and heads.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place; hidden tiles are skipped.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor, bool, double?, TileSize?)" path="/returns"/>
    public static (Tensor Output, Tensor LogSumExp) Forward(
        Tensor q, Tensor k, Tensor v, TileSize tile, out IoCounter io, bool causal = false, double? scale = null)
    {
        io = new();
        return FlashForward.Run(Tiles.Of(q, k, v, causal, scale, tile), io);
    }

    /// <summary>The paper's Algorithm 1: key blocks outside, tile sizes from the fast memory, the output normalised at all times.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="sramElements">M, elements of fast memory.</param>
    /// <param name="io">The counts, over all batch entries and heads.</param>
    /// <param name="causal">Whether a query sees only keys at or before its place; hidden tiles are skipped.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <inheritdoc cref="Forward(Tensor, Tensor, Tensor, bool, double?, TileSize?)" path="/returns"/>
    public static (Tensor Output, Tensor LogSumExp) ForwardV1(
        Tensor q, Tensor k, Tensor v, long sramElements, out IoCounter io, bool causal = false, double? scale = null)
    {
        Arguments.Qkv(q, k, v);
        io = new();
        return FlashForwardV1.Run(Tiles.Of(q, k, v, causal, scale, TileSize.ForSram(new AttentionInputs(q, k, v).Shape, sramElements)), io);
    }

    /// <summary>The backward pass, from the output and the LSE that the forward pass left.</summary>
    /// <param name="outputGradient">dO <c>[B,H,Tq,Dv]</c>.</param>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="output">O <c>[B,H,Tq,Dv]</c>.</param>
    /// <param name="logSumExp">LSE <c>[B,H,Tq]</c>, in float64 for float64 inputs, else float32.</param>
    /// <param name="causal">As in the forward pass.</param>
    /// <param name="scale">As in the forward pass.</param>
    /// <param name="tile">Tile size; it need not be that of the forward pass.</param>
    /// <returns>dQ, dK, dV in the shapes and dtype of q, k, v.</returns>
    public static (Tensor DQ, Tensor DK, Tensor DV) Backward(
        Tensor outputGradient, Tensor q, Tensor k, Tensor v, Tensor output, Tensor logSumExp, bool causal = false, double? scale = null, TileSize? tile = null)
    {
        var tiles = Tiles.Of(q, k, v, causal, scale, tile);
        long[] shape = [q.size(0), q.size(1), q.size(2), v.size(3)];
        Arguments.Shape(outputGradient, nameof(outputGradient), q, "[B,H,Tq,Dv]", shape);
        Arguments.Shape(output, nameof(output), q, "[B,H,Tq,Dv]", shape);
        if (logSumExp is null || !logSumExp.shape.SequenceEqual(shape[..3]))
            Arguments.Fail(nameof(logSumExp), logSumExp is null ? "null" : Arguments.Text(logSumExp.shape), $"[B,H,Tq] = {Arguments.Text(shape[..3])}");
        if (logSumExp.dtype != tiles.Dtype)
            Arguments.Fail(nameof(logSumExp), logSumExp.dtype.ToString(), $"{tiles.Dtype}, as the forward pass gives it");
        using var rowDot = FlashBackward.RowDot(outputGradient, output);
        return FlashBackward.Run(tiles, outputGradient, logSumExp, rowDot);
    }
}
