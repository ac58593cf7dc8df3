namespace Attn.Theory.ScanAndSnap;

/// <summary>How a table follows its gradient uphill; one instance holds the state of one table.</summary>
public abstract class UpdateRule
{
    /// <summary>PyTorch's SGD: v ← μv + gradient (v = gradient at the first step), θ ← θ + ηv.</summary>
    /// <exception cref="ArgumentException">A rate that is negative or not finite, or a momentum outside [0, 1).</exception>
    public static Func<int, UpdateRule> Sgd(double rate, double momentum = 0)
    {
        RequireRate(rate);
        RequireDecay(momentum, nameof(momentum));
        return size => new MomentumSgd(size, rate, momentum);
    }

    /// <summary>Adam (Kingma and Ba 2015) with bias correction, as PyTorch's: θ ← θ + η m̂/(√v̂ + ε).</summary>
    /// <exception cref="ArgumentException">A rate that is negative or not finite, a β outside [0, 1), or an ε that is not positive.</exception>
    public static Func<int, UpdateRule> Adam(double rate, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        RequireRate(rate);
        RequireDecay(beta1, nameof(beta1));
        RequireDecay(beta2, nameof(beta2));
        if (!(epsilon > 0))
            throw new ArgumentException($"epsilon: got {epsilon}, needs a number above 0.", nameof(epsilon));
        return size => new AdamRule(size, rate, beta1, beta2, epsilon);
    }

    /// <summary>Moves the elements [<paramref name="start"/>, <paramref name="start"/> + gradient.Length) of a table.</summary>
    /// <param name="parameters">The part of the table.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="start">Where the part begins in the table, which is where its state begins too.</param>
    /// <param name="step">The step's number, from 1.</param>
    public abstract void Apply(Span<double> parameters, ReadOnlySpan<double> gradient, int start, int step);

    private static void RequireDecay(double value, string name)
    {
        if (!(value is >= 0 and < 1))
            throw new ArgumentException($"{name}: got {value}, needs a number in [0, 1).", name);
    }

    private static void RequireRate(double rate)
    {
        if (!(rate >= 0 && double.IsFinite(rate)))
            throw new ArgumentException($"rate: got {rate}, needs a finite number of at least 0.", nameof(rate));
    }
}
