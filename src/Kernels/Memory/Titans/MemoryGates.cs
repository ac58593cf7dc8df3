using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>What each token says about the update of a memory (Behrouz et al. 2025, arXiv 2501.00663, §3.1): <c>[B,H,T,1]</c> each, from 0 to 1.</summary>
/// <param name="Step">θ: how far along the gradient, which holds the factor 2 of the squared error. With a unit key, ½ overwrites.</param>
/// <param name="Momentum">η: how much of the last update goes on.</param>
/// <param name="Forget">α: how much of the memory is let go.</param>
public sealed record MemoryGates(Tensor Step, Tensor Momentum, Tensor Forget)
{
    /// <summary>The same gates at every token.</summary>
    /// <param name="step">θ.</param>
    /// <param name="momentum">η.</param>
    /// <param name="forget">α.</param>
    /// <param name="like">A tensor <c>[B,H,T,·]</c> for which they are.</param>
    public static MemoryGates Constant(double step, double momentum, double forget, Tensor like)
    {
        using var scope = NewDisposeScope();
        Tensor Fill(double value) => full_like(like.narrow(-1, 0, 1), value).MoveToOuterDisposeScope();
        return new(Fill(step), Fill(momentum), Fill(forget));
    }

    /// <summary>The gates of a stretch of the tokens.</summary>
    internal MemoryGates Part(long start, long size) => new(Step.narrow(2, start, size), Momentum.narrow(2, start, size), Forget.narrow(2, start, size));

    /// <summary>The gates checked, in the accumulator's dtype.</summary>
    internal MemoryGates Checked(Tensor k)
    {
        Tensor Gate(Tensor gate, string name)
        {
            Arguments.Shape(gate, name, k, "[B,H,T,1]", k.size(0), k.size(1), k.size(2), 1);
            Arguments.Share(gate, name);
            return gate.to(Accumulator.For(k.dtype));
        }
        return new(Gate(Step, "step"), Gate(Momentum, "momentum"), Gate(Forget, "forget"));
    }
}
