using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Bench;

/// <summary>
/// Every kernel once, forward and backward, at odd shapes small enough for compute-sanitizer, which slows them a thousandfold: tiles that are not full,
/// sequences in several segments, gates that cut tiles into pieces.
/// </summary>
internal static class Trials
{
    private const int Heads = 2;

    private static readonly (int Length, int Dim)[] Shapes = [(1, 128), (129, 128), (300, 60), (700, 128)];

    public static IEnumerable<(string Name, Action Run)> All()
    {
        foreach (var (length, dim) in Shapes)
        {
            var shape = $"T{length} D{dim}";
            foreach (var starts in new[] { false, true })
            {
                var state = starts ? ", from a state" : "";
                yield return ($"fixed decay {shape}{state}", () => Recurrence(length, dim, starts, x =>
                    ScalarDecay.Chunked(x[0], x[1], x[2], full([1, Heads, 1, 1], -0.05, ScalarType.Float32, CUDA), starts ? x[3] : null)));
                foreach (var (gates, strength) in new[] { (dim, 0.1), (dim, 30), (1, 0.1) })
                {
                    var gate = -strength * randn([1, Heads, length, gates], device: CUDA).square();
                    yield return ($"gated, {gates} a token, {strength} {shape}{state}", () => Recurrence(length, dim, starts, x => gates == 1
                        ? ScalarDecay.Chunked(x[0], x[1], x[2], gate.requires_grad_(true), starts ? x[3] : null)
                        : GatedLinear.Chunked(x[0], x[1], x[2], gate.requires_grad_(true), starts ? x[3] : null)));
                }
            }
            yield return ($"sigmoid {shape}", () => WithGradients(Inputs(length, dim), x => SigmoidAttention.Tiled(x[0], x[1], x[2], true)));
            yield return ($"softplus {shape}", () => WithGradients(Inputs(length, dim), x => SoftplusAttention.Fused(x[0], x[1], x[2], true)));
            yield return ($"window {shape}", () => WithGradients(Inputs(length, dim), x => SlidingWindow.Prefill(x[0], x[1], x[2], 150, sinks: 3)));
        }
        foreach (var keys in new[] { 1, 77, 3000 })
            yield return ($"decode {keys} keys", () => LeanAttention.Decode(Draw(8, 1, 128), Draw(2, keys, 128), Draw(2, keys, 128)));
    }

    private static void Recurrence(int length, int dim, bool starts, Func<Tensor[], AttentionOutput> form)
    {
        Tensor[] inputs = [.. Inputs(length, dim), .. starts ? [randn([1, Heads, dim, dim], device: CUDA)] : Array.Empty<Tensor>()];
        WithGradients(inputs, x =>
        {
            var (output, state) = form(x);
            return output.sum() + state!.sum();
        });
    }

    private static void WithGradients(Tensor[] inputs, Func<Tensor[], Tensor> form)
    {
        form([.. inputs.Select(input => input.requires_grad_(true))]).sum().backward();
        cuda.synchronize();
    }

    private static Tensor[] Inputs(int length, int dim) => [Draw(Heads, length, dim), Draw(Heads, length, dim), Draw(Heads, length, dim)];

    private static Tensor Draw(int heads, int length, int dim) => randn([1, heads, length, dim], ScalarType.BFloat16, CUDA);
}
