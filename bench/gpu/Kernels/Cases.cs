using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Bench;

/// <summary>What is measured: Attn's CUDA kernels at the shapes of their targets, bfloat16.</summary>
internal static class Cases
{
    private const int Heads = 16, Dim = 128;

    private static readonly (int Batch, int Length)[] Shapes = [(16, 2048), (4, 8192), (1, 32768)];

    public static IEnumerable<Func<Case>> All()
    {
        foreach (var (batch, length) in Shapes)
        {
            yield return () => FixedDecay("linear", batch, length, 0, batch == 4 ? 0.20 : null);
            yield return () => FixedDecay("lightning", batch, length, -0.05, batch == 4 ? 0.22 : null);
            yield return () => FixedDecayBackward(batch, length, batch == 4 ? 0.60 : null);
        }
        foreach (var (batch, length) in Shapes)
        {
            yield return () => Gated("gated-linear", batch, length, Dim, batch == 4 ? 0.50 : null);
            yield return () => GatedBackward("gated-linear", batch, length, Dim, batch == 4 ? 1.80 : null);
            yield return () => Gated("decay a token", batch, length, 1, null);
            yield return () => GatedBackward("decay a token", batch, length, 1, null);
        }
        foreach (var (batch, length) in Shapes)
        {
            yield return () => Sigmoid(batch, length, Dim, true, batch == 4 ? Milliseconds(batch, length, 520) : null);
            yield return () => SigmoidBackward(batch, length, batch == 4 ? 2.5 * Milliseconds(batch, length, 330) : null);
        }
        yield return () => Sigmoid(4, 8192, Dim, false, null);
        yield return () => Sigmoid(4, 8192, 64, true, null);
        yield return () => Softmax(4, 8192);
        yield return () => Softplus(4, 8192);
        yield return Window;
        yield return () => Decode(1, 8, 8192, 0.015);
        yield return () => Decode(1, 8, 65536, 0.072);
        yield return () => Decode(1, 8, 524288, 0.490);
        yield return () => Decode(1, 32, 8192, null);
    }

    private static Case FixedDecay(string name, int batch, int length, double logDecay, double? target)
    {
        var x = Draw(batch, Heads, length, Dim);
        var decay = full([1, Heads, 1, 1], logDecay, ScalarType.Float32, CUDA);
        return new($"{name} fwd {Shape(batch, length)}", () => ScalarDecay.Chunked(x, x, x, decay), Peer(name, "fwd", batch, length), target, 0, 4.0 * x.numel() * 2);
    }

    private static Case FixedDecayBackward(int batch, int length, double? target)
    {
        var (x, gradient) = (Draw(batch, Heads, length, Dim), Draw(batch, Heads, length, Dim));
        var leaves = Leaves(x);
        var decay = full([1, Heads, 1, 1], -0.05, ScalarType.Float32, CUDA);
        var output = ScalarDecay.Chunked(leaves[0], leaves[1], leaves[2], decay).Output;
        return new(
            $"lightning bwd {Shape(batch, length)}", () => Backward(output, leaves, gradient), Peer("lightning", "bwd", batch, length), target, 0, 7.0 * x.numel() * 2);
    }

    private static Case Gated(string name, int batch, int length, int gates, double? target)
    {
        var (x, gate) = (Draw(batch, Heads, length, Dim), Gate(batch, length, gates));
        return new($"{name} fwd {Shape(batch, length)}", () => Gated(x, x, x, gate), Peer(name, "fwd", batch, length), target, 0, (4.0 * x.numel() + gate.numel()) * 2);
    }

    private static Case GatedBackward(string name, int batch, int length, int gates, double? target)
    {
        var (x, gradient) = (Draw(batch, Heads, length, Dim), Draw(batch, Heads, length, Dim));
        Tensor[] leaves = [.. Leaves(x), Gate(batch, length, gates).requires_grad_(true)];
        var output = Gated(leaves[0], leaves[1], leaves[2], leaves[3]).Output;
        return new(
            $"{name} bwd {Shape(batch, length)}", () => Backward(output, leaves, gradient), Peer(name, "bwd", batch, length), target,
            0, (7.0 * x.numel() + 2 * leaves[3].numel()) * 2);
    }

    private static AttentionOutput Gated(Tensor q, Tensor k, Tensor v, Tensor gate) =>
        gate.size(3) == 1 ? ScalarDecay.Chunked(q, k, v, gate) : GatedLinear.Chunked(q, k, v, gate);

    // As the paper's layer draws them: log σ(·)/16.
    private static Tensor Gate(int batch, int length, int gates) => nn.functional.logsigmoid(Draw(batch, Heads, length, gates)) / 16;

    private static Case Sigmoid(int batch, int length, int dim, bool causal, double? target)
    {
        var heads = Heads * Dim / dim;
        var x = Draw(batch, heads, length, dim);
        return new(
            $"sigmoid fwd {Shape(batch, length)} D{dim}{(causal ? "" : " noncausal")}", () => SigmoidAttention.Tiled(x, x, x, causal),
            $"softmax-fwd-B{batch}-H{heads}-T{length}-D{dim}{(causal ? "" : "-full")}", target, Flops(batch * heads, length, dim, causal), 0);
    }

    private static Case SigmoidBackward(int batch, int length, double? target)
    {
        var (x, gradient) = (Draw(batch, Heads, length, Dim), Draw(batch, Heads, length, Dim));
        var leaves = Leaves(x);
        var output = SigmoidAttention.Tiled(leaves[0], leaves[1], leaves[2], true);
        return new(
            $"sigmoid bwd {Shape(batch, length)} D{Dim}", () => Backward(output, leaves, gradient), $"softmax-bwd-B{batch}-H{Heads}-T{length}-D{Dim}", target,
            2.5 * Flops(batch * Heads, length, Dim, true), 0);
    }

    private static Case Softplus(int batch, int length)
    {
        var x = Draw(batch, Heads, length, Dim);
        return new(
            $"softplus fwd {Shape(batch, length)} D{Dim}", () => SoftplusAttention.Fused(x, x, x, causal: true), $"softmax-fwd-B{batch}-H{Heads}-T{length}-D{Dim}", null,
            Flops(batch * Heads, length, Dim, true), 0);
    }

    // The window's kernel with everything in its window: what softmax costs in the very tiles of the sigmoid.
    private static Case Softmax(int batch, int length)
    {
        var x = Draw(batch, Heads, length, Dim);
        return new(
            $"softmax, same tiles, fwd {Shape(batch, length)} D{Dim}", () => SlidingWindow.Prefill(x, x, x, length), $"softmax-fwd-B{batch}-H{Heads}-T{length}-D{Dim}", null,
            Flops(batch * Heads, length, Dim, true), 0);
    }

    private static Case Window()
    {
        const int Length = 32768, Seen = 1024, Sinks = 64;
        var x = Draw(1, Heads, Length, Dim);
        return new(
            $"window {Seen} + {Sinks} sinks fwd {Shape(1, Length)} D{Dim}", () => SlidingWindow.Prefill(x, x, x, Seen, Sinks), "window", 0.70,
            4.0 * Heads * Length * (Seen + Sinks) * Dim, 0);
    }

    private static Case Decode(int batch, int keyHeads, int length, double? target)
    {
        var (q, k, v) = (Draw(batch, 32, 1, Dim), Draw(batch, keyHeads, length, Dim), Draw(batch, keyHeads, length, Dim));
        return new(
            $"decode B{batch} Hq32 Hk{keyHeads} {length} keys D{Dim}", () => LeanAttention.Decode(q, k, v), $"decode-Hk{keyHeads}-N{length}", target, 0, 2.0 * k.numel() * 2);
    }

    /// <summary>What asking for a kernel costs the host: a call so small that the GPU is never behind.</summary>
    public static Action Smallest()
    {
        var (q, k) = (Draw(1, 1, 1, Dim), Draw(1, 1, 16, Dim));
        return () =>
        {
            var (output, logSumExp) = LeanAttention.Decode(q, k, k);
            output.Dispose();
            logSumExp.Dispose();
        };
    }

    private static void Backward(Tensor output, Tensor[] leaves, Tensor gradient)
    {
        foreach (var leaf in leaves)
            leaf.grad = null;
        autograd.grad([output], leaves, [gradient], retain_graph: true);
    }

    private static Tensor[] Leaves(Tensor x) => [.. Enumerable.Range(0, 3).Select(_ => x.clone().requires_grad_(true))];

    private static Tensor Draw(int batch, int heads, int length, int dim) => randn([batch, heads, length, dim], ScalarType.BFloat16, CUDA);

    private static double Flops(double slices, int length, int dim, bool causal) => slices * 4.0 * length * length * dim / (causal ? 2 : 1);

    private static double Milliseconds(int batch, int length, double teraflops) => Flops(batch * Heads, length, Dim, true) / teraflops / 1e9;

    private static string Peer(string name, string pass, int batch, int length) => $"{name.Replace(' ', '-')}-{pass}-B{batch}-T{length}";

    private static string Shape(int batch, int length) => $"B{batch} H{Heads} T{length}";
}
