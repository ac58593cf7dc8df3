using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Toeplitz position encoding: a linear attention whose queries and keys are learned constants, y_t = Σ_{s≤t} λ_h^{t−s}(q_h·k_h)x_s, which is a
/// product with one causal Toeplitz matrix a head (LightNet's TPE; along every axis of a grid, MD-TPE). Before its norm and projection.
/// </summary>
public static class ToeplitzPosition
{
    /// <summary>Along one axis, in O(T).</summary>
    /// <param name="x"><c>[B,H,T,D]</c>.</param>
    /// <param name="strength">q_h·k_h, <c>[1,H,1,1]</c>, in the dtype of x or in float32.</param>
    /// <param name="logDecay">log λ ≤ 0, <c>[1,H,1,1]</c>.</param>
    /// <returns>The same shape and dtype.</returns>
    public static Tensor Apply(Tensor x, Tensor strength, Tensor logDecay)
    {
        Arguments.Qk(x, x);
        Arguments.Shape(strength, nameof(strength), x, "[1,H,1,1]", 1, x.size(1), 1, 1);
        using var scope = NewDisposeScope();
        DecayOperands.CheckDecay(logDecay, x);
        var wide = x.Widen();
        var one = ones([x.size(0), x.size(1), x.size(2), 1], wide.dtype, x.device);
        return ScalarDecay.Chunked(strength.to(wide.dtype) * one, one, wide, logDecay.Widen()).Output.to(x.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Along both axes of a grid, the two summed.</summary>
    /// <param name="x"><c>[B,H,rows·columns,D]</c>, row by row.</param>
    /// <param name="columns">Columns of the grid, a divisor of the number of tokens.</param>
    /// <param name="strengths">q_h·k_h for the walk down the rows and along the columns, each <c>[1,H,1,1]</c>.</param>
    /// <param name="logDecays">log λ for the two, each <c>[1,H,1,1]</c>.</param>
    /// <returns>The same shape and dtype.</returns>
    public static Tensor ApplyOnGrid(Tensor x, int columns, (Tensor Down, Tensor Along) strengths, (Tensor Down, Tensor Along) logDecays)
    {
        Arguments.Qk(x, x);
        Arguments.Positive(columns, nameof(columns));
        if (x.size(2) % columns != 0)
            Arguments.Fail(nameof(columns), $"{columns}", $"a divisor of {x.size(2)} tokens");
        using var scope = NewDisposeScope();
        var (batch, heads, rows, dim) = (x.size(0), x.size(1), x.size(2) / columns, x.size(3));
        // [B,H,rows,columns,D]: the axis that is not walked joins the batch.
        var grid = x.reshape(batch, heads, rows, columns, dim);
        var down = Apply(grid.permute(0, 3, 1, 2, 4).flatten(0, 1), strengths.Down, logDecays.Down).unflatten(0, [batch, columns]).permute(0, 2, 3, 1, 4);
        var along = Apply(grid.permute(0, 2, 1, 3, 4).flatten(0, 1), strengths.Along, logDecays.Along).unflatten(0, [batch, rows]).permute(0, 2, 1, 3, 4);
        return (down + along).reshape(x.shape).MoveToOuterDisposeScope();
    }
}
