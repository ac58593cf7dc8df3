using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Softmax attention over some of the keys, not yet normalised: m = max s, ℓ = Σ e^(s−m), o = Σ e^(s−m)·v. Partial results over disjoint
/// keys merge associatively and commutatively, so that any cut and any order give attention over all of them (LeanAttention,
/// arXiv 2405.10480, §4).
/// </summary>
/// <param name="Maximum">m <c>[…,rows,1]</c>; −∞ over no keys.</param>
/// <param name="Sum">ℓ <c>[…,rows,1]</c>; 0 over no keys.</param>
/// <param name="Output">o <c>[…,rows,Dv]</c>; 0 over no keys.</param>
public sealed record SoftmaxPartial(Tensor Maximum, Tensor Sum, Tensor Output)
{
    /// <summary>The partial result of some keys.</summary>
    /// <param name="scores"><c>[…,rows,keys]</c>, scaled; −∞ where a query may not see a key.</param>
    /// <param name="values"><c>[…,keys,Dv]</c>.</param>
    public static SoftmaxPartial Of(Tensor scores, Tensor values)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(values);
        if (scores.dim() < 2 || values.dim() != scores.dim() || values.size(-2) != scores.size(-1))
            Arguments.Fail(nameof(values), Arguments.Text(values.shape), $"[…,keys,Dv] for scores [rows,keys] = {Arguments.Text(scores.shape)}");
        using var scope = NewDisposeScope();
        var maximum = scores.amax([-1], keepdim: true);
        var weights = (scores - OnlineSoftmax.Safe(maximum)).exp();
        return new SoftmaxPartial(maximum, weights.sum(-1, keepdim: true), weights.matmul(values)).MoveOut();
    }

    /// <summary>The partial result over both sets of keys.</summary>
    public SoftmaxPartial Merge(SoftmaxPartial other)
    {
        ArgumentNullException.ThrowIfNull(other);
        using var scope = NewDisposeScope();
        var larger = maximum(Maximum, other.Maximum);
        var safe = OnlineSoftmax.Safe(larger);
        var (mine, theirs) = ((Maximum - safe).exp(), (other.Maximum - safe).exp());
        return new SoftmaxPartial(larger, mine * Sum + theirs * other.Sum, mine * Output + theirs * other.Output).MoveOut();
    }

    /// <summary>The attention output o/ℓ, zeros over no keys.</summary>
    public Tensor Finish()
    {
        using var scope = NewDisposeScope();
        return (Output / OnlineSoftmax.Divisor(Sum)).MoveToOuterDisposeScope();
    }

    /// <summary>m + ln ℓ <c>[…,rows]</c>; −∞ over no keys.</summary>
    public Tensor LogSumExp()
    {
        using var scope = NewDisposeScope();
        return (Maximum + Sum.log()).squeeze(-1).MoveToOuterDisposeScope();
    }

    private SoftmaxPartial MoveOut()
    {
        Maximum.MoveToOuterDisposeScope();
        Sum.MoveToOuterDisposeScope();
        Output.MoveToOuterDisposeScope();
        return this;
    }
}
