using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>What a neural memory knows: its weights, and the momentum of their updates. One tensor a layer, <c>[B,H,inputs,outputs]</c>.</summary>
/// <param name="Weights">M, from the layer that reads the key to the one that gives the value.</param>
/// <param name="Momentum">S, as many of the same shapes.</param>
public sealed record NeuralMemoryState(IReadOnlyList<Tensor> Weights, IReadOnlyList<Tensor> Momentum)
{
    /// <summary>A memory that has seen nothing yet: the given weights, no momentum.</summary>
    /// <param name="weights"><c>[B,H,inputs,outputs]</c> each.</param>
    public static NeuralMemoryState Fresh(params IReadOnlyList<Tensor> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new(weights, [.. weights.Select(layer => zeros_like(layer))]);
    }

    /// <summary>Moves the tensors to the dispose scope around the current one.</summary>
    internal NeuralMemoryState MoveOut()
    {
        foreach (var tensor in Weights.Concat(Momentum))
            tensor.MoveToOuterDisposeScope();
        return this;
    }
}
