using static TorchSharp.torch;

namespace Attn.Theory.Numerics;

/// <summary>How the worst case of a bound is looked for: along the gradient from many points at once, by steps that shrink geometrically.</summary>
internal static class GradientSearch
{
    /// <summary>The points that are reached.</summary>
    /// <param name="objective">Points <c>[S,…]</c> to their values <c>[S]</c>; differentiable.</param>
    /// <param name="starts"><c>[S,…]</c>, float64.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="first">The first step's size.</param>
    /// <param name="last">What the sizes shrink towards.</param>
    /// <param name="move">The next points, from the points, the gradients at them, and the step's size: it says up or down, and where the points must stay.</param>
    public static Tensor Run(
        Func<Tensor, Tensor> objective, Tensor starts, int steps, double first, double last, Func<Tensor, Tensor, double, Tensor> move)
    {
        var points = starts;
        for (var step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            var size = first * Math.Pow(last / first, (double)step / steps);
            points = move(points, BatchDiff.Grad(objective, points), size).MoveToOuterDisposeScope();
        }

        return points;
    }
}
