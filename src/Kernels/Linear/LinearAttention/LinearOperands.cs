using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The operands of linear attention: features of q and k, values, and the state. Causal operands are padded in front with zeros until queries and keys are as many.
/// </summary>
internal readonly record struct LinearOperands(Tensor Q, Tensor K, Tensor V, Tensor State, long Queries, ScalarType Dtype)
{
    public static LinearOperands Of(
        Tensor q, Tensor k, Tensor v, bool causal, Tensor? initialState, Func<Tensor, Tensor>? featureMap, Func<Tensor, Tensor>? keyMap = null)
    {
        Arguments.Qkv(q, k, v);
        var map = featureMap ?? LinearAttention.EluPlusOne;
        var (fq, fk, values) = (map(q.Widen()), (keyMap ?? map)(k.Widen()), v.Widen());
        long[] stateShape = [q.size(0), q.size(1), fq.size(3), v.size(3) + 1];
        if (initialState is not null)
            Arguments.Shape(initialState, nameof(initialState), q, "[B,H,F,Dv+1]", stateShape);
        var length = causal ? Math.Max(q.size(2), k.size(2)) : 0;
        return new(
            PadFront(fq, length), PadFront(fk, length), PadFront(values, length),
            initialState?.to(fq.dtype) ?? zeros(stateShape, fq.dtype, q.device), q.size(2), q.dtype);
    }

    /// <summary>Divides summed values <c>[B,H,T,Dv+1]</c> by the summed weights in their last column, or by <paramref name="floor"/> where these are less.</summary>
    public static Tensor Quotient(Tensor sums, double floor)
    {
        if (!(floor > 0))
            Arguments.Fail(nameof(floor), floor.ToString(System.Globalization.CultureInfo.InvariantCulture), "a positive number");
        var width = sums.size(3) - 1;
        return sums.narrow(3, 0, width) / sums.narrow(3, width, 1).clamp_min(floor);
    }

    /// <summary>The result, without what was padded.</summary>
    /// <param name="output"><c>[B,H,≥Tq,Dv]</c>: the last Tq rows count.</param>
    /// <param name="state">The state after all keys.</param>
    public AttentionOutput Finish(Tensor output, Tensor state) => new(output.narrow(2, output.size(2) - Queries, Queries).to(Dtype), state);

    /// <summary>Values with a column of ones, <c>[B,H,T,Dv+1]</c>, so that one sum carries numerator and denominator.</summary>
    public static Tensor WithOnes(Tensor values) =>
        cat([values, ones([values.size(0), values.size(1), values.size(2), 1], values.dtype, values.device)], -1);

    private static Tensor PadFront(Tensor tensor, long length)
    {
        var missing = length - tensor.size(2);
        return missing <= 0 ? tensor : cat([zeros([tensor.size(0), tensor.size(1), missing, tensor.size(3)], tensor.dtype, tensor.device), tensor], 2);
    }
}
