using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Ways to merge partial results that look right and are wrong: negative controls.</summary>
public static class LeanControls
{
    /// <summary>The mean of the parts' own normalised outputs.</summary>
    /// <param name="parts">Partial results over disjoint keys.</param>
    public static Tensor MeanOfOutputs(IReadOnlyList<SoftmaxPartial> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        using var scope = NewDisposeScope();
        return stack([.. parts.Select(part => part.Finish())]).mean([0]).MoveToOuterDisposeScope();
    }

    /// <summary>Sums and outputs added without the factors e^(m−m′) that bring them to one maximum.</summary>
    /// <inheritdoc cref="MeanOfOutputs"/>
    public static Tensor WithoutMaxima(IReadOnlyList<SoftmaxPartial> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        using var scope = NewDisposeScope();
        var sum = parts.Select(part => part.Sum).Aggregate((a, b) => a + b);
        return (parts.Select(part => part.Output).Aggregate((a, b) => a + b) / OnlineSoftmax.Divisor(sum)).MoveToOuterDisposeScope();
    }
}
