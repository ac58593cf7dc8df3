using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Alternatives;

/// <summary>Sigmoid attention's own parts: the order of tiles, the bias, the bound on its slope.</summary>
public class SigmoidAttentionTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tiles_in_any_order_give_the_same_output_and_gradients(bool causal)
    {
        using var scope = NewDisposeScope();
        Tensor Draw(int tokens, int dim) => randn([2, 2, tokens, dim], ScalarType.Float64, requires_grad: true);
        var (q, k, v) = (Draw(37, 6), Draw(53, 6), Draw(53, 5));
        var plain = SigmoidAttention.Plain(q, k, v, causal);
        var expected = autograd.grad([(plain * plain).sum()], [q, k, v]);
        for (var seed = 1; seed <= 5; seed++)
        {
            var tiled = SigmoidAttention.Tiled(q, k, v, causal, tile: new(5 + seed, 9), order: new Random(seed));
            Assert.True(tiled.allclose(plain, 1e-12, 1e-12));
            foreach (var (got, want) in autograd.grad([(tiled * tiled).sum()], [q, k, v]).Zip(expected))
                Assert.True(got.allclose(want, 1e-11, 1e-12));
        }
    }

    [Fact]
    public void Bias_and_scale_are_used_and_bad_ones_named()
    {
        using var scope = NewDisposeScope();
        var (q, v) = (randn(1, 1, 3, 4), ones(1, 1, 3, 2));
        Assert.True(SigmoidAttention.Plain(zeros_like(q), q, v, bias: 0).allclose(full([1, 1, 3, 2], 1.5)));
        Assert.Equal(-Math.Log(7), SigmoidAttention.DefaultBias(7));
        Assert.StartsWith("bias: got NaN, needs a finite number", Assert.Throws<ArgumentException>(() => SigmoidAttention.Tiled(q, q, v, bias: double.NaN)).Message);
        Assert.StartsWith("keys: got 0", Assert.Throws<ArgumentException>(() => SigmoidAttention.DefaultBias(0)).Message);
    }

    [Fact]
    public void The_bound_holds_at_random_points_and_is_not_loose_by_much()
    {
        using var scope = NewDisposeScope();
        var closest = 0.0;
        for (var draw = 0; draw < 50; draw++)
        {
            var (x, w, wv) = (3 * rand([], ScalarType.Float64) * randn([6, 2], ScalarType.Float64), eye(2, dtype: ScalarType.Float64), randn([2, 2], ScalarType.Float64));
            var leaf = x.detach().requires_grad_(true);
            var flat = SigmoidRegularity.Map(leaf, w, wv).flatten();
            var jacobian = stack([.. Enumerable.Range(0, 12).Select(i => autograd.grad([flat[i]], [leaf], retain_graph: true)[0].flatten())]);
            closest = Math.Max(closest, linalg.svdvals(jacobian)[0].item<double>() / SigmoidRegularity.LipschitzBound(x, w, wv));
        }

        Assert.InRange(closest, 0.2, 1);
    }
}
