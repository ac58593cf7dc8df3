namespace Attn.Theory.IoComplexity;

/// <summary>
/// Attention as cascades (arXiv 2406.10491, Cascades 4–6), for one head: Q <c>[e,p]</c>, K <c>[e,m]</c>, V <c>[m,f]</c>, output AV
/// <c>[f,p]</c>. The factor 1/√E belongs into Q. In names, G is global, L of a tile, R running, P the previous state corrected; S is the
/// exponential, N the numerator and D the denominator.
/// </summary>
public static class AttentionCascades
{
    /// <summary>As eager frameworks have it: maximum, exponentials and their sum, weights times values.</summary>
    public static Cascade ThreePass { get; } = Cascade.Parse("3-pass", """
        QK[m,p] = sum Q[e,p] * K[e,m]
        GM[p] = max QK[m,p]
        SN[m,p] = exp(QK[m,p] - GM[p])
        SD[p] = sum SN[m,p]
        A[m,p] = SN[m,p] / SD[p]
        AV[f,p] = sum A[m,p] * V[m,f]
        """);

    /// <summary>The same with the division after the product with V.</summary>
    public static Cascade DeferredDivision { get; } = Cascade.Parse("3-pass, division deferred", """
        QK[m,p] = sum Q[e,p] * K[e,m]
        GM[p] = max QK[m,p]
        SN[m,p] = exp(QK[m,p] - GM[p])
        SD[p] = sum SN[m,p]
        SNV[f,p] = sum SN[m,p] * V[m,f]
        AV[f,p] = SNV[f,p] / SD[p]
        """);

    /// <summary>Maximum and sum of each tile in the first pass; the second corrects them.</summary>
    public static Cascade TwoPass { get; } = Cascade.Parse("2-pass", """
        BQK[m1,m0,p] = sum Q[e,p] * K[e,m1,m0]
        LM[m1,p] = max BQK[m1,m0,p]
        SLN[m1,m0,p] = exp(BQK[m1,m0,p] - LM[m1,p])
        SLD[m1,p] = sum SLN[m1,m0,p]
        GM[p] = max LM[m1,p]
        PLM[m1,p] = exp(LM[m1,p] - GM[p])
        SD[p] = sum SLD[m1,p] * PLM[m1,p]
        SN[m1,m0,p] = SLN[m1,m0,p] * PLM[m1,p]
        A[m1,m0,p] = SN[m1,m0,p] / SD[p]
        AV[f,p] = sum A[m1,m0,p] * V[m1,m0,f]
        """);

    /// <summary>FlashAttention-2: running maximum, denominator and numerator times V.</summary>
    public static Cascade OnePass { get; } = Cascade.Parse("1-pass", $"""
        {RunningWeights}
        RD[m1+1,p] = SLD[m1,p] + SPD[m1,p]
        SPNV[m1,f,p] = RNV[m1,f,p] * PRM[m1,p]
        RNV[m1+1,f,p] = SLNV[m1,f,p] + SPNV[m1,f,p]
        AV[f,p] = RNV[M1,f,p] / RD[M1,p]
        """);

    /// <summary>The first FlashAttention: the output is divided after every tile.</summary>
    public static Cascade OnePassDividing { get; } = Cascade.Parse("1-pass, dividing at each tile", $"""
        {RunningWeights}
        RD[m1+1,p] = SLD[m1,p] + SPD[m1,p]
        SPNV[m1,f,p] = RAV[m1,f,p] * SPD[m1,p]
        RNV[m1,f,p] = SLNV[m1,f,p] + SPNV[m1,f,p]
        RAV[m1+1,f,p] = RNV[m1,f,p] / RD[m1+1,p]
        AV[f,p] = RAV[M1,f,p]
        """);

    /// <summary>A control: <see cref="OnePass"/> without its correction, wrong wherever the maximum moves.</summary>
    public static Cascade OnePassUncorrected { get; } = Cascade.Parse("1-pass, not corrected", $"""
        {TileWeights}
        RD[m1+1,p] = RD[m1,p] + SLD[m1,p]
        RNV[m1+1,f,p] = RNV[m1,f,p] + SLNV[m1,f,p]
        AV[f,p] = RNV[M1,f,p] / RD[M1,p]
        """);

    /// <summary>The tiles apart, joined at the end: decoding with keys split among workers.</summary>
    public static Cascade Split { get; } = Cascade.Parse("tiles apart", """
        BQK[m1,m0,p] = sum Q[e,p] * K[e,m1,m0]
        LM[m1,p] = max BQK[m1,m0,p]
        SLN[m1,m0,p] = exp(BQK[m1,m0,p] - LM[m1,p])
        SLD[m1,p] = sum SLN[m1,m0,p]
        SLNV[m1,f,p] = sum SLN[m1,m0,p] * V[m1,m0,f]
        GM[p] = max LM[m1,p]
        PLM[m1,p] = exp(LM[m1,p] - GM[p])
        SD[p] = sum SLD[m1,p] * PLM[m1,p]
        SNV[f,p] = sum SLNV[m1,f,p] * PLM[m1,p]
        AV[f,p] = SNV[f,p] / SD[p]
        """);

    /// <summary>A running maximum and denominator, and then weights: one pass for softmax's normaliser, another for the weights.</summary>
    public static Cascade OnlineNormaliser { get; } = Cascade.Parse("running normaliser, then weights", """
        BQK[m1,m0,p] = sum Q[e,p] * K[e,m1,m0]
        LM[m1,p] = max BQK[m1,m0,p]
        RM[m1+1,p] = max(RM[m1,p], LM[m1,p])
        SLN[m1,m0,p] = exp(BQK[m1,m0,p] - RM[m1+1,p])
        SLD[m1,p] = sum SLN[m1,m0,p]
        PRM[m1,p] = exp(RM[m1,p] - RM[m1+1,p])
        SPD[m1,p] = RD[m1,p] * PRM[m1,p]
        RD[m1+1,p] = SLD[m1,p] + SPD[m1,p]
        SN[m1,m0,p] = exp(BQK[m1,m0,p] - RM[M1,p])
        SNV[f,p] = sum SN[m1,m0,p] * V[m1,m0,f]
        AV[f,p] = SNV[f,p] / RD[M1,p]
        """);

    /// <summary>Softmax without a maximum, divided at the end: one pass, and no large logits.</summary>
    public static Cascade NoMaximum { get; } = Cascade.Parse("no maximum", """
        QK[m,p] = sum Q[e,p] * K[e,m]
        SN[m,p] = exp(QK[m,p])
        SD[p] = sum SN[m,p]
        SNV[f,p] = sum SN[m,p] * V[m,f]
        AV[f,p] = SNV[f,p] / SD[p]
        """);

    /// <summary>A control: <see cref="NoMaximum"/> with the weights divided before the product with V.</summary>
    public static Cascade NoMaximumDividingFirst { get; } = Cascade.Parse("no maximum, divided first", """
        QK[m,p] = sum Q[e,p] * K[e,m]
        SN[m,p] = exp(QK[m,p])
        SD[p] = sum SN[m,p]
        A[m,p] = SN[m,p] / SD[p]
        AV[f,p] = sum A[m,p] * V[m,f]
        """);

    /// <summary>Sigmoid attention: nothing to normalise.</summary>
    public static Cascade Sigmoid { get; } = Cascade.Parse("sigmoid", """
        QK[m,p] = sum Q[e,p] * K[e,m]
        A[m,p] = sigmoid(QK[m,p])
        AV[f,p] = sum A[m,p] * V[m,f]
        """);

    /// <summary>Linear attention: keys and values meet first, queries at the end; φ is in Q and K.</summary>
    public static Cascade Linear { get; } = Cascade.Parse("linear", """
        KV[e,f] = sum K[e,m] * V[m,f]
        KS[e] = sum K[e,m]
        NV[f,p] = sum Q[e,p] * KV[e,f]
        D[p] = sum Q[e,p] * KS[e]
        AV[f,p] = NV[f,p] / D[p]
        """);

    // What FlashAttention's forms share: the exponentials of a tile, and the correction of what came before it.
    private static string TileWeights => """
        BQK[m1,m0,p] = sum Q[e,p] * K[e,m1,m0]
        LM[m1,p] = max BQK[m1,m0,p]
        RM[m1+1,p] = max(RM[m1,p], LM[m1,p])
        SLN[m1,m0,p] = exp(BQK[m1,m0,p] - RM[m1+1,p])
        SLD[m1,p] = sum SLN[m1,m0,p]
        SLNV[m1,f,p] = sum SLN[m1,m0,p] * V[m1,m0,f]
        """;

    private static string RunningWeights => $"""
        {TileWeights}
        PRM[m1,p] = exp(RM[m1,p] - RM[m1+1,p])
        SPD[m1,p] = RD[m1,p] * PRM[m1,p]
        """;
}
