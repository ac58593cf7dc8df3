using System.Globalization;
using static TorchSharp.torch;

namespace Attn.Theory.LengthCollapse;

/// <summary>
/// TempScale (Zhou et al. 2024, arXiv 2410.24200): A = softmax(QKᵀ/(τ√d)) with τ below 1 in every self-attention of a trained model, so that
/// long texts are less smoothed. Nothing is trained.
/// </summary>
public static class TempScale
{
    /// <summary>Logits / τ: to be called after scale, position bias and mask, before the softmax.</summary>
    /// <param name="logits">Any shape; −∞ where a key is masked.</param>
    /// <param name="temperature">τ, positive; below 1 sharpens.</param>
    /// <returns>As <paramref name="logits"/>.</returns>
    /// <exception cref="ArgumentException">A τ that is not positive.</exception>
    public static Tensor Apply(Tensor logits, double temperature)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Validate(temperature);
        return logits / temperature;
    }

    /// <summary>1/(τ√d): what to give as the scale of any softmax attention, such as <see cref="Kernels.Softmax"/>'s.</summary>
    /// <param name="dim">d, channels of a head, at least 1.</param>
    /// <param name="temperature">τ, positive.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double Scale(int dim, double temperature)
    {
        if (dim < 1)
            throw new ArgumentException($"dim: got {dim}, needs at least 1.", nameof(dim));
        Validate(temperature);
        return 1 / (temperature * Math.Sqrt(dim));
    }

    internal static void Validate(double temperature)
    {
        if (!(temperature > 0 && double.IsFinite(temperature)))
            throw new ArgumentException($"temperature: got {temperature.ToString(CultureInfo.InvariantCulture)}, needs a positive finite number.", nameof(temperature));
    }
}
