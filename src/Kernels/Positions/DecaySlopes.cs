using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Fixed decays of attention heads, as slopes s ≥ 0: a head keeps λ = e^{−s} of its past at every token.</summary>
public static class DecaySlopes
{
    /// <summary>
    /// ALiBi's: s_h = 2^{−8h/H}, h = 1 … H, for H a power of two; else those of the next lower power, then every second one of its double
    /// (Press et al. 2022; the code of TransNormerLLM and of lightning attention).
    /// </summary>
    /// <param name="heads">H, at least 1.</param>
    public static double[] Alibi(int heads)
    {
        Arguments.Positive(heads, nameof(heads));
        var power = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)heads);
        if (power == heads)
            return [.. Enumerable.Range(1, heads).Select(h => Math.Pow(2, -8.0 * h / heads))];
        var lower = power / 2;
        return [.. Alibi(lower), .. Alibi(power).Where((_, i) => i % 2 == 0).Take(heads - lower)];
    }

    /// <summary>The slopes of a layer in the released code, s_h·(1 − l/(L − 1) + 10⁻⁵): the last layer hardly forgets. One layer alone counts as the first.</summary>
    /// <param name="slopes">The slopes of the heads.</param>
    /// <param name="layer">l, from 0.</param>
    /// <param name="layers">L.</param>
    public static double[] ForLayer(IReadOnlyList<double> slopes, int layer, int layers)
    {
        CheckLayer(layer, layers);
        return [.. slopes.Select(slope => slope * (1 - (layers == 1 ? 0 : layer / (layers - 1.0)) + 1e-5))];
    }

    /// <summary>The papers' formula (TransNormerLLM, lightning attention), s = (8h/H)(1 − l/L), h = 1 … H: orders of magnitude faster than the code's.</summary>
    /// <param name="heads">H.</param>
    /// <param name="layer">l, from 0.</param>
    /// <param name="layers">L.</param>
    public static double[] Paper(int heads, int layer = 0, int layers = 1)
    {
        Arguments.Positive(heads, nameof(heads));
        CheckLayer(layer, layers);
        return [.. Enumerable.Range(1, heads).Select(h => 8.0 * h / heads * (1 - (double)layer / layers))];
    }

    /// <summary>RetNet's: λ_h = 1 − 2^{−5−h}, h = 0 … H − 1 (Sun et al. 2023).</summary>
    /// <param name="heads">H.</param>
    public static double[] Retention(int heads)
    {
        Arguments.Positive(heads, nameof(heads));
        return [.. Enumerable.Range(0, heads).Select(h => -Math.Log(1 - Math.Pow(2, -5 - h)))];
    }

    /// <summary>The slopes as the decay of a call: log λ = −s, <c>[1,H,1,1]</c>.</summary>
    /// <param name="slopes">One a head, finite and at least 0.</param>
    /// <param name="dtype">float32 also for half-precision q, k and v, float64 for float64 ones.</param>
    /// <param name="device">Where; host memory when null.</param>
    public static Tensor LogDecay(IReadOnlyList<double> slopes, ScalarType dtype = ScalarType.Float32, Device? device = null)
    {
        foreach (var slope in slopes)
            if (!(slope >= 0 && double.IsFinite(slope)))
                Arguments.Fail(nameof(slopes), slope.ToString(System.Globalization.CultureInfo.InvariantCulture), "finite slopes of at least 0");
        return tensor(slopes.Select(slope => -slope).ToArray(), [1, slopes.Count, 1, 1], dtype, device);
    }

    /// <summary>The decay mask M_ts = e^{−s(t−s')} for s' ≤ t, else 0: <c>[H,T,T]</c> in float64.</summary>
    /// <param name="slopes">One a head.</param>
    /// <param name="length">T.</param>
    public static Tensor Mask(IReadOnlyList<double> slopes, int length)
    {
        Arguments.Positive(length, nameof(length));
        using var scope = NewDisposeScope();
        var place = arange(length, ScalarType.Float64);
        var exponent = LogDecay(slopes, ScalarType.Float64).reshape(-1, 1, 1) * (place.unsqueeze(-1) - place);
        return exponent.masked_fill(~Visibility.Causal(length, length, CPU), double.NegativeInfinity).exp().MoveToOuterDisposeScope();
    }

    private static void CheckLayer(int layer, int layers)
    {
        Arguments.Positive(layers, nameof(layers));
        if (layer < 0 || layer >= layers)
            Arguments.Fail(nameof(layer), layer.ToString(System.Globalization.CultureInfo.InvariantCulture), $"a layer from 0 to {layers - 1}");
    }
}
