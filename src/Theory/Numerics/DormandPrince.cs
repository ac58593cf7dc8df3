namespace Attn.Theory.Numerics;

/// <summary>The right-hand side of y' = f(t, y): writes the derivative at (<paramref name="t"/>, <paramref name="y"/>).</summary>
public delegate void OdeRightHandSide(double t, ReadOnlySpan<double> y, Span<double> derivative);

/// <summary>Dormand and Prince's embedded Runge–Kutta method of orders 5(4), with adaptive steps ("RK45").</summary>
public static class DormandPrince
{
    private const int Stages = 7;

    private static readonly double[] Nodes = [0, 1 / 5.0, 3 / 10.0, 4 / 5.0, 8 / 9.0, 1, 1];

    private static readonly double[][] Weights =
    [
        [],
        [1 / 5.0],
        [3 / 40.0, 9 / 40.0],
        [44 / 45.0, -56 / 15.0, 32 / 9.0],
        [19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0],
        [9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0],
        [35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0],
    ];

    // The fifth-order weights (Weights[6]) less the fourth-order ones.
    private static readonly double[] ErrorWeights =
        [71 / 57600.0, 0, -71 / 16695.0, 71 / 1920.0, -17253 / 339200.0, 22 / 525.0, -1 / 40.0];

    /// <summary>Integrates from <paramref name="t0"/> and returns y at each of <paramref name="times"/>.</summary>
    /// <param name="f">The right-hand side.</param>
    /// <param name="t0">Where to start.</param>
    /// <param name="y0">y(t0).</param>
    /// <param name="times">Increasing times, none before <paramref name="t0"/>.</param>
    /// <param name="tolerance">Absolute and relative error allowed per step.</param>
    /// <exception cref="ArgumentException">Times that decrease, or a tolerance that is not positive.</exception>
    /// <exception cref="InvalidOperationException">The solution leaves the finite numbers, or needs more than ten million steps.</exception>
    public static double[][] Solve(OdeRightHandSide f, double t0, double[] y0, IReadOnlyList<double> times, double tolerance = 1e-10)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(y0);
        ArgumentNullException.ThrowIfNull(times);
        if (!(tolerance > 0))
            throw new ArgumentException($"tolerance: got {tolerance}, needs a positive number.", nameof(tolerance));

        var (t, y) = (t0, (double[])y0.Clone());
        var step = times.Count > 0 ? Math.Abs(times[^1] - t0) * 1e-4 : 0;
        var stages = new double[Stages][];
        for (var s = 0; s < Stages; s++)
            stages[s] = new double[y.Length];

        var results = new double[times.Count][];
        for (var i = 0; i < times.Count; i++)
        {
            if (!(times[i] >= t))
                throw new ArgumentException($"times: got {times[i]} after {t}, needs times that do not decrease.", nameof(times));
            Advance(f, ref t, y, times[i], ref step, stages, tolerance);
            results[i] = (double[])y.Clone();
        }

        return results;
    }

    private static void Advance(
        OdeRightHandSide f, ref double t, double[] y, double end, ref double step, double[][] stages, double tolerance)
    {
        var next = new double[y.Length];
        for (var tries = 0; t < end; tries++)
        {
            if (tries > 10_000_000 || !double.IsFinite(step))
                throw new InvalidOperationException($"the equation does not integrate past t = {t}.");
            var h = Math.Min(step, end - t);
            var error = Try(f, t, y, h, stages, next, tolerance);
            if (error <= 1)
            {
                t = h < step ? end : t + h;
                next.CopyTo(y, 0);
                if (h < step)
                    continue; // A step cut short by the grid says nothing about the length to use next.
            }

            step = h * (double.IsFinite(error) ? Math.Clamp(0.9 * Math.Pow(error, -0.2), 0.2, 5) : 0.2);
            if (t + step == t)
                throw new InvalidOperationException($"the equation does not integrate past t = {t}: the step has shrunk to nothing.");
        }
    }

    // The error of one trial step in units of the tolerance.
    private static double Try(OdeRightHandSide f, double t, double[] y, double h, double[][] stages, double[] next, double tolerance)
    {
        for (var s = 0; s < Stages; s++)
        {
            for (var i = 0; i < y.Length; i++)
            {
                var sum = 0.0;
                for (var j = 0; j < s; j++)
                    sum += Weights[s][j] * stages[j][i];
                next[i] = y[i] + h * sum;
            }

            f(t + Nodes[s] * h, next, stages[s]);
        }

        var worst = 0.0;
        for (var i = 0; i < y.Length; i++)
        {
            var error = 0.0;
            for (var s = 0; s < Stages; s++)
                error += ErrorWeights[s] * stages[s][i];
            var ratio = Math.Abs(h * error) / (tolerance * (1 + Math.Max(Math.Abs(y[i]), Math.Abs(next[i]))));
            worst = ratio > worst || double.IsNaN(ratio) ? ratio : worst;
            if (double.IsNaN(worst))
                return double.NaN;
        }

        return worst;
    }
}
