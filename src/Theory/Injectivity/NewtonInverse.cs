using static TorchSharp.torch;

namespace Attn.Theory.Injectivity;

/// <summary>Solves f(x) = y for maps of ℝᵈ to itself by Newton's method.</summary>
public static class NewtonInverse
{
    private const int Steps = 50, Stretches = 5;
    private const double Tolerance = 1e-14;

    /// <summary>The solution that Newton's method reaches from <paramref name="start"/>.</summary>
    /// <param name="f">A differentiable map, <c>[d]</c> → <c>[d]</c>.</param>
    /// <param name="y"><c>[d]</c>, float64.</param>
    /// <param name="start"><c>[d]</c>, float64.</param>
    /// <returns><c>[d]</c>, with f(x) within 10⁻¹⁴·(1 + |y|) of y.</returns>
    /// <exception cref="ArgumentException">It does not converge.</exception>
    public static Tensor Solve(Func<Tensor, Tensor> f, Tensor y, Tensor start) => Try(f, y, start) ??
        throw new ArgumentException("start: got a point from which Newton's method does not converge, needs one nearer to a solution.", nameof(start));

    /// <summary>The solution of f(x) = αf(p) that is reached from p as α grows from 1 in small steps; null where there is none.</summary>
    /// <param name="f">A differentiable map, <c>[d]</c> → <c>[d]</c>.</param>
    /// <param name="p"><c>[d]</c>, float64.</param>
    /// <param name="alpha">Above 0.</param>
    public static Tensor? Follow(Func<Tensor, Tensor> f, Tensor p, double alpha)
    {
        using var scope = NewDisposeScope();
        var (x, values) = (p, f(p));
        for (var step = 1; step <= Stretches; step++)
            if (Try(f, values * Math.Pow(alpha, (double)step / Stretches), x) is { } next)
                x = next;
            else
                return null;
        return x.MoveToOuterDisposeScope();
    }

    private static Tensor? Try(Func<Tensor, Tensor> f, Tensor y, Tensor start)
    {
        using var scope = NewDisposeScope();
        var x = start.clone();
        var allowed = Tolerance * (1 + y.norm().item<double>());
        for (var step = 0; step < Steps; step++)
        {
            var difference = f(x) - y;
            if (difference.norm().item<double>() <= allowed)
                return x.MoveToOuterDisposeScope();
            var jacobian = Diff.Jacobian(f, x);
            if (!(linalg.svdvals(jacobian).min().item<double>() > 1e-12))
                return null;
            x = x - linalg.solve(jacobian, difference);
        }

        return null;
    }
}
