using System.Numerics;
using System.Runtime.InteropServices;

namespace Attn.Kernels;

/// <summary>The recurrence of one head as a loop over numbers, with no tensor operation in it: what the token loop costs without dispatch.</summary>
public static class PlainLoop
{
    /// <summary>S_t = λS_{t−1} + k_tᵀv_t, o_t = q_tS_t, from a state of zeros.</summary>
    /// <param name="q"><c>[T·D]</c>, row by row.</param>
    /// <param name="k"><c>[T·D]</c>.</param>
    /// <param name="v"><c>[T·Dv]</c>.</param>
    /// <param name="dim">D.</param>
    /// <param name="valueDim">Dv, a multiple of the vector width of the machine (16 serves all).</param>
    /// <param name="decay">λ.</param>
    /// <returns><c>[T·Dv]</c>.</returns>
    public static float[] Run(ReadOnlySpan<float> q, ReadOnlySpan<float> k, ReadOnlySpan<float> v, int dim, int valueDim, float decay)
    {
        if (valueDim < 1 || valueDim % Vector<float>.Count != 0)
            Arguments.Fail(nameof(valueDim), $"{valueDim}", $"a multiple of {Vector<float>.Count}");
        if (dim < 1 || k.Length != q.Length || q.Length % dim != 0 || (long)v.Length * dim != (long)q.Length * valueDim)
            Arguments.Fail(nameof(q), $"{q.Length}, {k.Length}, {v.Length} numbers in q, k, v", $"T·{dim}, T·{dim} and T·{valueDim}");
        var width = valueDim / Vector<float>.Count;
        var (state, output) = (new Vector<float>[dim * width], new float[v.Length]);
        var values = MemoryMarshal.Cast<float, Vector<float>>(v);
        var outputs = MemoryMarshal.Cast<float, Vector<float>>(output.AsSpan());
        for (var t = 0; t < q.Length / dim; t++)
        {
            var vt = values.Slice(t * width, width);
            var ot = outputs.Slice(t * width, width);
            for (var i = 0; i < dim; i++)
            {
                var row = state.AsSpan(i * width, width);
                var (query, key) = (new Vector<float>(q[t * dim + i]), new Vector<float>(k[t * dim + i]));
                for (var j = 0; j < width; j++)
                {
                    row[j] = decay * row[j] + key * vt[j];
                    ot[j] += query * row[j];
                }
            }
        }
        return output;
    }
}
