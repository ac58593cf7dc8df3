using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>What of Flow-Attention is computed, and with which capacities.</summary>
public sealed record FlowOptions
{
    /// <summary>The paper's mechanism: φ = σ, competition and allocation, no clamp.</summary>
    public static FlowOptions Default { get; } = new();

    /// <summary>φ <c>[B,H,T,D]</c> → <c>[B,H,T,F]</c>, nonnegative: the capacities of sinks and sources. A flow that is negative has no meaning.</summary>
    public Func<Tensor, Tensor> FeatureMap { get; init; } = Sigmoid;

    /// <summary>Whether Ô is cut to [−1, 1] before sources compete, as the published PyTorch code does and the paper does not.</summary>
    public bool Clamp { get; init; }

    /// <summary>Whether sources compete; without, every one has weight 1.</summary>
    public bool Competition { get; init; } = true;

    /// <summary>Whether sinks are gated; without, every gate is 1.</summary>
    public bool Allocation { get; init; } = true;

    /// <summary>φ = σ, the map of the PyTorch code.</summary>
    public static Tensor Sigmoid(Tensor x) => x.sigmoid();

    /// <summary>φ = max(x, 0) + 10⁻⁶, the map of the JAX code.</summary>
    public static Tensor Relu(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (nn.functional.relu(x) + 1e-6).MoveToOuterDisposeScope();
    }
}
