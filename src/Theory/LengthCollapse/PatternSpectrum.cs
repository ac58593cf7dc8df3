using static TorchSharp.torch;

namespace Attn.Theory.LengthCollapse;

/// <summary>The DC/HC spectrum of a stack of attention patterns (Zhou et al. 2024, arXiv 2410.24200).</summary>
public static class PatternSpectrum
{
    /// <summary>One row a layer, from the first.</summary>
    /// <param name="patterns">A layer's patterns each, <c>[n,n]</c>, <c>[H,n,n]</c> or <c>[…,H,n,n]</c>, all of one n.</param>
    /// <exception cref="ArgumentException">No layer, or patterns that are not square or of different n.</exception>
    public static IReadOnlyList<LayerSpectrum> Of(params IReadOnlyList<Tensor> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        if (patterns.Count == 0)
            throw new ArgumentException("patterns: got none, needs one a layer.", nameof(patterns));
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var spectra = new List<LayerSpectrum>();
        Tensor? rollout = null;
        foreach (var pattern in patterns)
        {
            LowPass.Square(pattern);
            if (pattern.size(-1) != patterns[0].size(-1))
                throw new ArgumentException($"patterns: got n = {pattern.size(-1)} after {patterns[0].size(-1)}, needs one n.", nameof(patterns));
            var heads = pattern.dim() > 2 ? pattern.to(ScalarType.Float64).mean([-3]) : pattern.to(ScalarType.Float64);
            rollout = rollout is null ? heads : heads.matmul(rollout);
            spectra.Add(Row(spectra.Count + 1, pattern, rollout));
        }

        return spectra;
    }

    private static LayerSpectrum Row(int layer, Tensor pattern, Tensor rollout)
    {
        using var scope = NewDisposeScope();
        var tokens = pattern.size(-1);
        // White tokens are V = 1: AV is A itself.
        var energy = TokenSpectrum.Energy(pattern).reshape(-1, tokens / 2 + 1).mean([0L]);
        var white = TokenSpectrum.Energy(eye(tokens, dtype: ScalarType.Float64, device: pattern.device));
        double[] gain = [.. (energy / white).cpu().data<double>()];
        var high = energy.sum().item<double>() - gain[0];
        return new(layer, gain[0], tokens == 1 ? 0 : high / (tokens - 1), Mean(LowPass.SigmaA(pattern)), Mean(LowPass.SigmaA(rollout)), gain);
    }

    private static double Mean(Tensor values) => values.mean().item<double>();
}
