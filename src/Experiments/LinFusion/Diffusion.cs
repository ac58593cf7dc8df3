using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Denoising diffusion (Ho et al. 2020) in 50 steps, β from 10⁻³ to 0.15: what noise to add, and how to draw images from a model.</summary>
public static class Diffusion
{
    /// <summary>Steps of noise.</summary>
    public const int Steps = 50;

    private const double Least = 1e-3, Most = 0.15;

    /// <summary>β of step <paramref name="t"/>, from 0.</summary>
    internal static double Beta(int t) => Least + (Most - Least) * t / (Steps - 1);

    /// <summary>What of an image is left after each step, ᾱ.</summary>
    private static float[] Kept { get; } = MakeKept();

    /// <summary>√ᾱ·x + √(1 − ᾱ)·ε.</summary>
    /// <param name="images"><c>[B,64]</c>.</param>
    /// <param name="time"><c>[B]</c>, int64.</param>
    /// <param name="noise">ε, as the images.</param>
    public static Tensor Blur(Tensor images, Tensor time, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var kept = tensor(Kept).index_select(0, time).unsqueeze(1);
        return (kept.sqrt() * images + (1 - kept).sqrt() * noise).MoveToOuterDisposeScope();
    }

    /// <summary>Draws images, step by step from pure noise.</summary>
    /// <param name="model">Tells the noise.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Fixes the noise.</param>
    /// <param name="cancellation">Ends the drawing.</param>
    /// <returns><c>[count,64]</c>.</returns>
    public static Tensor Draw(Denoiser model, int count, long seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var x = randn([count, BlobImages.Pixels], generator: generator);
        for (var t = Steps - 1; t >= 0; t--)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var noise = model.call(x, full([count], (long)t, ScalarType.Int64));
            var mean = (x - Beta(t) / Math.Sqrt(1 - Kept[t]) * noise) / Math.Sqrt(1 - Beta(t));
            var fresh = t == 0 ? mean : mean + Math.Sqrt(Beta(t)) * randn([count, BlobImages.Pixels], generator: generator);
            x = fresh.MoveToOuterDisposeScope();
        }
        return x.MoveToOuterDisposeScope();
    }

    private static float[] MakeKept()
    {
        var (kept, product) = (new float[Steps], 1.0);
        for (var t = 0; t < Steps; t++)
            kept[t] = (float)(product *= 1 - Beta(t));
        return kept;
    }
}
