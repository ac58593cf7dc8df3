using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>How normalised attention makes η of a number n = W_η u.</summary>
public enum NormFunction
{
    /// <summary>η = e^n, n cut at ±10.</summary>
    Exp,

    /// <summary>η = softplus(n).</summary>
    Softplus,

    /// <summary>η = σ(n).</summary>
    Sigmoid,
}

/// <summary>The function itself.</summary>
public static class NormFunctions
{
    private const double Largest = 10;

    /// <summary>η, above 0, number by number.</summary>
    /// <param name="function">Which.</param>
    /// <param name="n">Numbers of any shape.</param>
    /// <exception cref="ArgumentException">No such function.</exception>
    public static Tensor Of(this NormFunction function, Tensor n)
    {
        ArgumentNullException.ThrowIfNull(n);
        using var scope = NewDisposeScope();
        return (function switch
        {
            NormFunction.Exp => n.clamp(-Largest, Largest).exp(),
            NormFunction.Softplus => nn.functional.softplus(n),
            NormFunction.Sigmoid => n.sigmoid(),
            _ => throw new ArgumentException($"function: got {function}, needs one of {string.Join(", ", Enum.GetNames<NormFunction>())}.", nameof(function)),
        }).MoveToOuterDisposeScope();
    }
}
