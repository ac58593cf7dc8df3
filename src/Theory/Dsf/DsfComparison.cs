namespace Attn.Theory.Dsf;

/// <summary>One of two systems that are compared.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="StateSize">N, numbers of state.</param>
/// <param name="Rank">The rank of the block of Φ by which the first half of the inputs reaches the second half of the outputs: the state that is really used.</param>
/// <param name="LeastDecay">The least |Λ| after the first step.</param>
/// <param name="LargestDecay">The largest.</param>
public sealed record DsfSide(string Name, int StateSize, int Rank, double LeastDecay, double LargestDecay);

/// <summary>Two systems on one input.</summary>
/// <param name="A">The first.</param>
/// <param name="B">The second.</param>
/// <param name="OutputGap">The largest |y_A − y_B| over all steps and channels.</param>
/// <param name="OutputSize">The largest |y_A|, to measure it by.</param>
/// <param name="KernelGap">‖Φ_A − Φ_B‖_F / ‖Φ_A‖_F: what an input of another kind could bring to light.</param>
public sealed record DsfComparison(DsfSide A, DsfSide B, double OutputGap, double OutputSize, double KernelGap)
{
    /// <summary>What counts as rounding, as a share.</summary>
    public const double Rounding = 1e-10;

    /// <summary>Whether the two are one map of inputs to outputs, up to rounding.</summary>
    public bool Same => OutputGap <= Rounding * OutputSize && KernelGap <= Rounding;

    /// <summary>One line: who is compared, whether they are the same, and by how much not.</summary>
    public override string ToString() =>
        $"{A.Name} and {B.Name}: {(Same ? "the same" : "not the same")}; outputs differ by {OutputGap:G2}, kernels by {KernelGap:G2} of their size; "
        + $"state {A.StateSize} (used {A.Rank}) and {B.StateSize} (used {B.Rank})";
}
