using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Attention with scores and weights in slow memory, the paper's Algorithm 0, with its traffic counted.</summary>
public static class StandardAttention
{
    /// <summary>The forward pass, without gradients.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="io">The counts, over all batch entries and heads.</param>
    /// <param name="scale">Factor on the scores; 1/√D when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Forward(Tensor q, Tensor k, Tensor v, out IoCounter io, double? scale = null)
    {
        Arguments.Qkv(q, k, v);
        var factor = Arguments.Scale(scale, q.size(3));
        io = new();
        using var off = no_grad();
        using var inputs = NewDisposeScope();
        var (queries, keys, values) = (io.Read(q).Widen(), io.Read(k).Widen().transpose(-2, -1), io.Read(v).Widen());
        using var temporaries = NewDisposeScope();
        var scores = queries.matmul(keys).mul_(factor);
        io.Write(scores);
        var weights = io.Read(scores).softmax(-1);
        io.Write(weights);
        io.Observe(temporaries);
        var output = io.Read(weights).matmul(values).to(q.dtype);
        io.Write(output);
        return output.MoveToOuterDisposeScope().MoveToOuterDisposeScope();
    }
}
