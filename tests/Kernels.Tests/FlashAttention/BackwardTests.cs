using static TorchSharp.torch;
using Flash = Attn.Kernels.FlashAttention;

namespace Attn.Kernels.Tests.FlashAttention;

/// <summary>The backward pass recomputes from O and LSE what autograd gives for the dense formula.</summary>
public class BackwardTests
{
    private static readonly TileSize[] Sizes = [new(1, 64), new(64, 1), new(7, 13), new(48, 80), new(1000, 1000)];

    public static TheoryData<int, int, bool> Cases =>
        [.. from length in new[] { (1, 1), (37, 37), (19, 45), (45, 19) } from causal in new[] { false, true } select (length.Item1, length.Item2, causal)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_tile_size_gives_the_dense_gradients(int queries, int keys, bool causal)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(queries, keys);
        var (output, logSumExp) = Flash.Forward(q, k, v, causal, tile: new(5, 9));
        var outputGradient = randn_like(output);
        var dense = Dense(q, k, v, (a, b, c) => (Softmax.Plain(a, b, c, causal) * outputGradient).sum());
        foreach (var tile in Sizes)
        {
            var (dq, dk, dv) = Flash.Backward(outputGradient, q, k, v, output, logSumExp, causal, tile: tile);
            AssertSame($"{tile}", [dq, dk, dv], dense);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_log_sum_exp_is_differentiable_alone_and_together_with_the_output(int queries, int keys, bool causal)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(queries, keys);
        var (outputWeight, lseWeight) = (randn_like(Softmax.Plain(q, k, v)), randn_like(Softmax.LogSumExp(q, k)));
        foreach (var share in new[] { 0.0, 1.0 })
        {
            // A query that sees no key has the constant −∞.
            Tensor Loss(Tensor output, Tensor lse) => (output * outputWeight).sum() * share + (lse.masked_fill(lse.isneginf(), 0) * lseWeight).sum();
            var dense = Dense(q, k, v, (a, b, c) => Loss(Softmax.Plain(a, b, c, causal), Softmax.LogSumExp(a, b, causal)).nan_to_num());
            var tiled = Dense(q, k, v, (a, b, c) =>
            {
                var (output, lse) = Flash.AttendWithLogSumExp(a, b, c, causal, tile: new(7, 13));
                return Loss(output, lse);
            });
            if (causal && queries > keys)
                Assert.All(tiled, gradient => Assert.True(gradient.isfinite().all().item<bool>()));
            else
                AssertSame($"share {share}", tiled, dense);
        }
    }

    [Fact]
    public void Finite_differences_agree()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(11, 11, heads: 1);
        var direction = randn_like(q);
        double Loss(double step) => Flash.Forward(q + direction * step, k, v, causal: true, tile: new(3, 4)).Output.square().sum().item<double>();
        var gradient = Dense(q, k, v, (a, b, c) => Flash.Attend(a, b, c, causal: true, tile: new(3, 4)).square().sum())[0];
        Assert.Equal((Loss(1e-5) - Loss(-1e-5)) / 2e-5, (gradient * direction).sum().item<double>(), 1e-7);
    }

    [Fact]
    public void The_stored_log_sum_exp_is_used_and_not_a_new_one()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(37, 37);
        var (output, logSumExp) = Flash.Forward(q, k, v);
        var outputGradient = randn_like(output);
        var (_, _, dv) = Flash.Backward(outputGradient, q, k, v, output, logSumExp);
        var (_, _, halved) = Flash.Backward(outputGradient, q, k, v, output, logSumExp + Math.Log(2));
        Assert.True(Draw.Apart(dv / 2, halved) < 1e-12);
    }

    [Fact]
    public void Bad_arguments_of_the_backward_pass_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(9, 9);
        var (output, logSumExp) = Flash.Forward(q, k, v);
        Conformance.Promised.Throws("outputGradient", () => Flash.Backward(output.narrow(2, 1, 8), q, k, v, output, logSumExp));
        Conformance.Promised.Throws("outputGradient", () => Flash.Backward(null!, q, k, v, output, logSumExp));
        Conformance.Promised.Throws("output", () => Flash.Backward(output, q, k, v, output.narrow(3, 1, 5), logSumExp));
        Conformance.Promised.Throws("logSumExp", () => Flash.Backward(output, q, k, v, output, logSumExp.unsqueeze(-1)));
        Conformance.Promised.Throws("logSumExp", () => Flash.Backward(output, q, k, v, output, null!));
        Conformance.Promised.Throws("logSumExp", () => Flash.Backward(output, q, k, v, output, logSumExp.to(ScalarType.Int64)));
    }

    private static Tensor[] Dense(Tensor q, Tensor k, Tensor v, Func<Tensor, Tensor, Tensor, Tensor> loss)
    {
        Tensor[] leaves = [.. new[] { q, k, v }.Select(tensor => tensor.detach().clone().requires_grad_(true))];
        loss(leaves[0], leaves[1], leaves[2]).backward();
        return [.. leaves.Select(leaf => leaf.grad ?? zeros_like(leaf))];
    }

    private static void AssertSame(string what, Tensor[] got, Tensor[] expected)
    {
        foreach (var (name, (one, other)) in new[] { "q", "k", "v" }.Zip(got.Zip(expected)))
            Assert.True(Draw.Apart(one, other) <= 1e-11, $"{what}: gradient of {name} {Draw.Apart(one, other):e2}");
    }
}
