using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory.EntropyBounds;

/// <summary>A weight that moves between two steps of power iteration, as in training: does one step an update follow its spectral norm?</summary>
public static class DriftingMatrix
{
    /// <summary>The relative error 1 − vᵀWu/σ(W) after each update of W ← W + drift·N, W and N of standard normal entries.</summary>
    /// <param name="width">W is <c>[width,width]</c>; at least 1.</param>
    /// <param name="drift">How far W moves, relative to its own size; at least 0.</param>
    /// <param name="updates">How many; at least 1.</param>
    /// <param name="seed">Fixes the draw.</param>
    /// <param name="decomposed">Whether u is W's first right singular vector at first, as in σReparam, and not random.</param>
    /// <param name="iterate">Whether a step of power iteration follows each update; else u stays.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public static double[] Errors(int width, double drift, int updates, ulong seed, bool decomposed = false, bool iterate = true)
    {
        if (width < 1)
            throw new ArgumentException($"width: got {width}, needs at least 1.", nameof(width));
        if (!(drift >= 0 && double.IsFinite(drift)))
            throw new ArgumentException($"drift: got {drift}, needs a finite number of at least 0.", nameof(drift));
        if (updates < 1)
            throw new ArgumentException($"updates: got {updates}, needs at least 1.", nameof(updates));
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed, CPU);
        Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
        var (w, u) = (Random(width, width), Random(width));
        var (_, _, rights) = linalg.svd(w, false);
        u = decomposed ? rights[0] : u / u.norm();
        var errors = new double[updates];
        for (var update = 0; update < updates; update++)
        {
            w = w + drift * Random(width, width);
            var (v, next) = PowerIteration.Step(w, u);
            u = iterate ? next : u;
            errors[update] = 1 - v.dot(w.mv(u)).item<double>() / linalg.svdvals(w)[0].item<double>();
        }

        return errors;
    }
}
