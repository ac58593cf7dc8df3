using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Agent attention: a few agents A read the keys by a softmax, and queries read the agents by another, O = σ(sQAᵀ + B₂)·σ(sAKᵀ + B₁)·V
/// (Han et al. 2024, arXiv 2312.08874). It is linear attention whose features of q and k are those two softmaxes; rows of the product sum to
/// one, so nothing is divided by. Not causal: agents have read every key.
/// </summary>
/// <remarks>
/// Shapes: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>, <c>agents [B,H,n,D]</c>, one floating dtype; half-precision
/// inputs are summed in float32. Bad arguments give an <see cref="ArgumentException"/> that names the argument. All methods are differentiable.
/// </remarks>
public static class AgentAttention
{
    /// <summary>Values are gathered by the agents before queries read them: O((Tq + Tk)·n·D).</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="v"><c>[B,H,Tk,Dv]</c>.</param>
    /// <param name="agents">A <c>[B,H,n,D]</c>; see <see cref="AgentPool"/>.</param>
    /// <param name="options">Scale and biases; content alone when null.</param>
    /// <returns><c>[B,H,Tq,Dv]</c> in the dtype of <paramref name="q"/>.</returns>
    public static Tensor Forward(Tensor q, Tensor k, Tensor v, Tensor agents, AgentOptions? options = null)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        var (broadcast, gather) = Features(q, k, agents, options);
        return broadcast.matmul(gather.transpose(-2, -1).matmul(v.Widen())).to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The same, by the matrix of all pairs: O(Tq·Tk) memory.</summary>
    /// <inheritdoc cref="Forward"/>
    public static Tensor Parallel(Tensor q, Tensor k, Tensor v, Tensor agents, AgentOptions? options = null)
    {
        Arguments.Qkv(q, k, v);
        using var scope = NewDisposeScope();
        return Weights(q, k, agents, options: options).matmul(v.Widen()).to(q.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The matrix P of O = PV, of rank at most n; its rows sum to one.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="agents"><c>[B,H,n,D]</c>.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <param name="options">Scale and biases; content alone when null.</param>
    /// <returns><c>[B,H,rows,Tk]</c>, float64 for float64 inputs, else float32.</returns>
    public static Tensor Weights(Tensor q, Tensor k, Tensor agents, IReadOnlyList<int>? rows = null, AgentOptions? options = null)
    {
        Arguments.Qk(q, k);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        using var scope = NewDisposeScope();
        var (broadcast, gather) = Features(q, k, agents, options);
        return broadcast.Pick(rows).matmul(gather.transpose(-2, -1)).MoveToOuterDisposeScope();
    }

    /// <summary>The features of linear attention: φ_q, what each query takes of each agent, and φ_k, what each agent takes of each key.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <param name="agents"><c>[B,H,n,D]</c>.</param>
    /// <param name="options">Scale and biases; content alone when null.</param>
    /// <returns>φ_q <c>[B,H,Tq,n]</c>, whose rows sum to one, and φ_k <c>[B,H,Tk,n]</c>, whose columns do; float64 for float64 inputs, else float32.</returns>
    public static (Tensor Queries, Tensor Keys) Features(Tensor q, Tensor k, Tensor agents, AgentOptions? options = null)
    {
        Arguments.Qk(q, k);
        Check(agents, q);
        var chosen = options ?? AgentOptions.Default;
        using var scope = NewDisposeScope();
        var scale = Arguments.Scale(chosen.Scale, q.size(3));
        var wide = agents.to(Accumulator.For(q.dtype));
        var gather = Softmax(wide * scale, k.Widen(), chosen.KeyBias, nameof(chosen.KeyBias));
        var broadcast = Softmax(q.Widen() * Math.Pow(scale, chosen.BroadcastExponent), wide, chosen.QueryBias, nameof(chosen.QueryBias));
        return (broadcast.MoveToOuterDisposeScope(), gather.transpose(-2, -1).MoveToOuterDisposeScope());
    }

    /// <summary>Checks <c>agents [B,H,n,D]</c>, any n.</summary>
    internal static void Check(Tensor agents, Tensor q)
    {
        var count = agents is { shape: [_, _, var third, _] } ? third : 0;
        Arguments.Shape(agents!, nameof(agents), q, "[B,H,n,D]", q.size(0), q.size(1), count, q.size(3));
    }

    private static Tensor Softmax(Tensor asking, Tensor asked, Tensor? bias, string name)
    {
        var logits = asking.matmul(asked.transpose(-2, -1));
        if (bias is null)
            return logits.softmax(-1);
        var fits = bias.dim() is >= 2 and <= 4 && bias.shape.Reverse().Zip(logits.shape.Reverse()).All(pair => pair.First == 1 || pair.First == pair.Second);
        if (!fits)
            Arguments.Fail(name, Arguments.Text(bias.shape), $"a shape that broadcasts to {Arguments.Text(logits.shape)}");
        return (logits + bias).softmax(-1);
    }
}
