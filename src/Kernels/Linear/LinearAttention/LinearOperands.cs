using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The operands of linear attention, ready to sum: features of q and k, values with a column of ones (so that one sum carries
/// numerator and denominator), and the state. Causal operands are padded in front with zeros until queries and keys are as many.
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
        var augmented = cat([values, Ones(values)], -1);
        var length = causal ? Math.Max(q.size(2), k.size(2)) : 0;
        return new(
            PadFront(fq, length), PadFront(fk, length), PadFront(augmented, length),
            initialState?.to(fq.dtype) ?? zeros(stateShape, fq.dtype, q.device), q.size(2), q.dtype);
    }

    /// <summary>Divides the summed values by the summed weights.</summary>
    /// <param name="sums"><c>[B,H,≥Tq,Dv+1]</c>: the last Tq rows count.</param>
    /// <param name="state">The state after all keys.</param>
    /// <param name="floor">The least denominator.</param>
    public AttentionOutput Finish(Tensor sums, Tensor state, double floor)
    {
        if (!(floor > 0))
            Arguments.Fail(nameof(floor), floor.ToString(System.Globalization.CultureInfo.InvariantCulture), "a positive number");
        var rows = sums.narrow(2, sums.size(2) - Queries, Queries);
        var width = sums.size(3) - 1;
        return new((rows.narrow(3, 0, width) / rows.narrow(3, width, 1).clamp_min(floor)).to(Dtype), state);
    }

    private static Tensor Ones(Tensor values) => ones([values.size(0), values.size(1), values.size(2), 1], values.dtype, values.device);

    private static Tensor PadFront(Tensor tensor, long length)
    {
        var missing = length - tensor.size(2);
        return missing <= 0 ? tensor : cat([zeros([tensor.size(0), tensor.size(1), missing, tensor.size(3)], tensor.dtype, tensor.device), tensor], 2);
    }
}
