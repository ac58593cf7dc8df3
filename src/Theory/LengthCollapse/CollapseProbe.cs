using static TorchSharp.torch;

namespace Attn.Theory.LengthCollapse;

/// <summary>How much embeddings have collapsed onto one another.</summary>
public static class CollapseProbe
{
    /// <summary>The mean cosine of all pairs of embeddings: 1 where they all point one way, about 0 for random ones.</summary>
    /// <param name="embeddings"><c>[m,d]</c>, at least two.</param>
    /// <exception cref="ArgumentException">Another shape, or fewer than two embeddings.</exception>
    public static double PairwiseCosine(Tensor embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        if (embeddings.dim() != 2 || embeddings.size(0) < 2)
            throw new ArgumentException($"embeddings: got [{string.Join(",", embeddings.shape)}], needs [m,d] with m of at least 2.", nameof(embeddings));
        using var scope = NewDisposeScope();
        var count = embeddings.size(0);
        var sum = nn.functional.normalize(embeddings.to(ScalarType.Float64), dim: 1).sum([0L]);
        // ‖Σu‖² counts each pair twice, and each embedding with itself.
        return (sum.square().sum().item<double>() - count) / (count * (count - 1.0));
    }
}
