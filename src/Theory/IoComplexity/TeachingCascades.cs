namespace Attn.Theory.IoComplexity;

/// <summary>The paper's worked example (arXiv 2406.10491, Cascades 1–3): Y = Σ A·B and Z = Σ Y·A, and two ways to one pass.</summary>
public static class TeachingCascades
{
    /// <summary>As written: A is read again when Y is known.</summary>
    public static Cascade TwoPass { get; } = Cascade.Parse("as written", """
        Y[] = sum A[k] * B[k]
        Z[] = sum Y[] * A[k]
        """);

    /// <summary>The multiplication by Y deferred until after the sum.</summary>
    public static Cascade Deferred { get; } = Cascade.Parse("multiplication deferred", """
        Y[] = sum A[k] * B[k]
        X[] = sum A[k]
        Z[] = Y[] * X[]
        """);

    /// <summary>Z built up from tile to tile and corrected at each; Y may not pass through 0.</summary>
    public static Cascade Iterative { get; } = Cascade.Parse("built up", """
        LY[k1] = sum A[k1,k0] * B[k1,k0]
        RY[k1+1] = RY[k1] + LY[k1]
        LX[k1] = sum A[k1,k0]
        LZ[k1] = LX[k1] * RY[k1+1]
        PZ[k1] = RZ[k1] * RY[k1+1] / RY[k1]
        RZ[k1+1] = LZ[k1] + PZ[k1]
        Z[] = RZ[K1]
        """);
}
