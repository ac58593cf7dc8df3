using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Cuda;

/// <summary>The CUDA kernels of attention in tiles equal the formulas in float64, forward and backward, at odd shapes; needs a GPU.</summary>
[Trait(Gpu.Trait, "true")]
public class TileKernelTests
{
    private const int Batch = 2, Heads = 3;

    public static TheoryData<int, int, int, int, bool, ScalarType> Shapes => new()
    {
        { 128, 128, 64, 64, false, ScalarType.BFloat16 },
        { 1, 77, 128, 128, true, ScalarType.BFloat16 },
        { 300, 300, 60, 33, true, ScalarType.Float16 },
        { 257, 1000, 128, 96, true, ScalarType.BFloat16 },
        { 500, 200, 128, 128, true, ScalarType.BFloat16 },
        { 200, 515, 40, 64, false, ScalarType.Float16 },
        { 1029, 1029, 64, 128, true, ScalarType.BFloat16 },
    };

    public static TheoryData<int, int, int, int, ScalarType> Windows => new()
    {
        { 1, 64, 16, 0, ScalarType.BFloat16 },
        { 1000, 128, 130, 0, ScalarType.BFloat16 },
        { 1000, 60, 100, 70, ScalarType.Float16 },
        { 1025, 128, 300, 200, ScalarType.BFloat16 },
        { 700, 64, 1, 1, ScalarType.BFloat16 },
        { 300, 128, 5000, 5000, ScalarType.BFloat16 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Sigmoid_attention_and_its_gradients(int queries, int keys, int dim, int values, bool causal, ScalarType dtype)
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        var (q, k, v, gradient) = Draw(queries, keys, dim, values, dtype);
        var bias = SigmoidAttention.DefaultBias(keys);
        Compare(
            q, k, v, gradient, x => SigmoidAttention.Tiled(x[0], x[1], x[2], causal),
            x => SigmoidAttention.Plain(x[0], x[1], x[2], causal), normed: false, () => new(TileActivation.Sigmoid, TileSight.Of(causal, q, k), 1 / Math.Sqrt(dim), bias));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Softplus_attention_and_its_gradients(int queries, int keys, int dim, int values, bool causal, ScalarType dtype)
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        var (q, k, v, gradient) = Draw(queries, keys, dim, values, dtype);
        Compare(
            q, k, v, gradient, x => SoftplusAttention.Fused(x[0], x[1], x[2], causal), x => SoftplusAttention.Plain(x[0], x[1], x[2], causal), normed: true,
            kernels: null);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-5)]
    [InlineData(60)]
    public void Softplus_of_scores_far_from_zero(double score)
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        var (q, k, v, _) = Draw(200, 300, 64, 64, ScalarType.BFloat16);
        // One channel sets the scores of all keys, the others tell them apart.
        q[TensorIndex.Ellipsis, 0] = score;
        k[TensorIndex.Ellipsis, 0] = 1;
        var kernels = new TileKernels(TileActivation.Softplus, TileSight.Of(false, q, k), 1);
        Tensor Formula(ScalarType dtype) => L1Weights.Of(q.to(dtype).matmul(k.to(dtype).transpose(-2, -1)), L1Activation.Softplus).matmul(v.to(dtype));
        Gpu.AssertAsGood("output", kernels.Forward(q, k, v).Output, Formula(ScalarType.Float32).to(q.dtype), Formula(ScalarType.Float64));
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void A_window_with_sinks_and_its_gradients(int length, int dim, int window, int sinks, ScalarType dtype)
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        var (q, k, v, gradient) = Draw(length, length, dim, dim, dtype);
        var distance = arange(length, device: CUDA).unsqueeze(1) - arange(length, device: CUDA);
        var mask = (distance < window) | (arange(length, device: CUDA) < sinks);
        Compare(
            q, k, v, gradient, x => SlidingWindow.Prefill(x[0], x[1], x[2], window, sinks),
            x => Softmax.Plain(x[0], x[1], x[2], causal: true, mask: mask), normed: true, () => new(TileActivation.Softmax, TileSight.Near(window, sinks), 1 / Math.Sqrt(dim)));
    }

    [Fact]
    public void Extreme_scores_give_numbers()
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        var (q, k, v, gradient) = Draw(300, 300, 64, 64, ScalarType.BFloat16);
        foreach (var size in new[] { 1e4, -1e4 })
            foreach (var output in new Func<Tensor, Tensor>[] { x => SigmoidAttention.Tiled(x * size, k, v, true), x => SlidingWindow.Prefill(x * size, k, v, 100) })
            {
                var leaf = q.detach().requires_grad_(true);
                var result = output(leaf);
                (result * gradient).sum().backward();
                Assert.True(result.isfinite().all().item<bool>() && leaf.grad!.isfinite().all().item<bool>(), $"scores of size {size}");
            }
    }

    [Fact]
    public void A_view_is_read_as_what_it_is()
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        // Tokens before heads, as projections leave them, and storage that begins at an odd address.
        var all = randn([2, 70, 3, 3 * 64 + 1], ScalarType.BFloat16, CUDA);
        Tensor[] x = [.. Enumerable.Range(0, 3).Select(i => all.narrow(3, 1 + 64 * i, 64).transpose(1, 2))];
        var expected = SigmoidAttention.Tiled(x[0].contiguous(), x[1].contiguous(), x[2].contiguous(), true);
        Assert.True(SigmoidAttention.Tiled(x[0], x[1], x[2], true).eq(expected).all().item<bool>());
    }

    private static (Tensor Q, Tensor K, Tensor V, Tensor Gradient) Draw(int queries, int keys, int dim, int values, ScalarType dtype)
    {
        random.manual_seed(queries + keys + dim);
        Tensor Normal(int length, int width) => randn([Batch, Heads, length, width], ScalarType.Float32, CUDA).to(dtype);
        return (Normal(queries, dim), Normal(keys, dim), Normal(keys, values), Normal(queries, values));
    }

    private static void Compare(Tensor q, Tensor k, Tensor v, Tensor gradient, Func<Tensor[], Tensor> fast, Func<Tensor[], Tensor> plain, bool normed, Func<TileKernels>? kernels)
    {
        Assert.True(TileKernels.Serves(q, k, v) == (CudaDevice.Current().Major == 9));
        Tensor[] WithGradients(Func<Tensor[], Tensor> form, ScalarType dtype)
        {
            Tensor[] leaves = [.. new[] { q, k, v }.Select(x => x.detach().to(dtype).clone().requires_grad_(true))];
            Gpu.Poison();
            var output = form(leaves);
            output.backward([gradient.to(dtype)]);
            return [output.detach(), .. leaves.Select(leaf => leaf.grad!)];
        }
        var (got, rough, exact) = (WithGradients(fast, q.dtype), WithGradients(plain, q.dtype), WithGradients(plain, ScalarType.Float64));
        foreach (var (i, name) in new[] { "output", "dq", "dk", "dv" }.Index())
            // Where rows are normed, what scores are to do takes Σ dO∘O from the output as it was rounded.
            Gpu.AssertAsGood(name, got[i], rough[i], exact[i], RelativeError.LargestNorm(exact), times: normed && name is ("dq" or "dk") ? 2.5 : 2);
        if (kernels is not null && TileKernels.Serves(q, k, v))
            Assert.True(kernels().Forward(q, k, v).Output.eq(got[0]).all().item<bool>(), "another form than the kernel served the call");
    }
}
