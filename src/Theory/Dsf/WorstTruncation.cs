using Attn.Theory.Numerics;
using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>
/// A search for the queries, keys and values that truncated softmax serves worst: gradient ascent on |o − ô| from random ones, queries and keys kept
/// on the spheres where |q·k| ≤ R, values on that of length 1.
/// </summary>
public static class WorstTruncation
{
    private const double FirstStep = 0.3, LastStep = 1e-4;

    /// <summary>The largest |o − ô| / max|v| that was found, to be held against <see cref="SoftmaxTaylorFeatures.OutputBound"/>.</summary>
    /// <param name="order">p.</param>
    /// <param name="radius">R.</param>
    /// <param name="tokens">Keys and values of a query.</param>
    /// <param name="dim">Channels of queries, keys and values.</param>
    /// <param name="starts">How many random starts, side by side.</param>
    /// <param name="steps">Steps from each; they shrink geometrically. 0 gives the worst of the random starts.</param>
    /// <param name="seed">Fixes the starts.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double Search(int order, double radius, int tokens, int dim, int starts = 64, int steps = 200, ulong seed = 1)
    {
        if (!(radius > 0))
            throw new ArgumentException($"radius: got {radius}, needs a number above 0.", nameof(radius));
        foreach (var (size, least, name) in new[] { (tokens, 2, nameof(tokens)), (dim, 1, nameof(dim)), (starts, 1, nameof(starts)), (steps, 0, nameof(steps)) })
            if (size < least)
                throw new ArgumentException($"{name}: got {size}, needs at least {least}.", name);
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed, CPU);
        // A row a vector: the query, the keys, the values, each of length 1.
        var points = GradientSearch.Run(
            Gaps, Unit(randn([starts, 1 + 2 * tokens, dim], ScalarType.Float64, generator: generator)), steps, FirstStep, LastStep,
            (at, gradient, size) => Unit(at + size * Unit(gradient)));
        return Gaps(points).max().item<double>();

        Tensor Gaps(Tensor at) => Gap(at, order, radius, tokens);
    }

    private static Tensor Gap(Tensor points, int order, double radius, int tokens)
    {
        var unit = Unit(points);
        var (query, keys, values) = (unit.narrow(1, 0, 1), unit.narrow(1, 1, tokens), unit.narrow(1, 1 + tokens, tokens));
        var scores = radius * query.matmul(keys.transpose(1, 2));
        var truncated = SoftmaxTaylorFeatures.Kernel(scores, order);
        var difference = scores.softmax(-1) - truncated / truncated.sum(-1, keepdim: true);
        return difference.matmul(values).square().sum(-1).sum(-1).clamp_min(double.Epsilon).sqrt();
    }

    private static Tensor Unit(Tensor x) => x / linalg.vector_norm(x, dims: [-1], keepdim: true).clamp_min(double.Epsilon);
}
