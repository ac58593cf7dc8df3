using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Cuda;

/// <summary>The CUDA kernels of gated linear attention equal the reference, at odd shapes, cut into segments or not; needs a GPU.</summary>
[Trait(Gpu.Trait, "true")]
public class GatedKernelTests
{
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 1, 1, 64, 64 },
        { 5, 2, 7, 3 },
        { 127, 2, 60, 33 },
        { 129, 3, 128, 128 },
        { 640, 2, 64, 256 },
        { 2049, 1, 128, 64 },
        { 4100, 1, 96, 128 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Output_state_and_gradients_equal_the_reference(int length, int heads, int dim, int values) => Check("gated-linear", length, heads, dim, values);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void So_do_those_of_a_decay_for_each_token(int length, int heads, int dim, int values) => Check("ssd", length, heads, dim, values);

    [Theory]
    [InlineData(129, 3, 128, 128)]
    [InlineData(640, 2, 64, 256)]
    public void So_do_those_of_retention(int length, int heads, int dim, int values) => Check("retention", length, heads, dim, values);

    [Theory]
    [InlineData(0.1, ScalarType.Float32)]
    [InlineData(3, ScalarType.BFloat16)]
    [InlineData(10, ScalarType.Float32)]
    [InlineData(1000, ScalarType.BFloat16)]
    public void Gates_may_be_as_strong_as_they_like(double strength, ScalarType gates)
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        manual_seed(7);
        const int Length = 300, Dim = 64;
        Tensor Draw(params long[] shape) => randn(shape, ScalarType.BFloat16, CUDA);
        // From gates near one to those that forget everything within a token, each piece of a tile as long as they let it be.
        var gate = (-(randn([1, 2, Length, Dim], device: CUDA) * 2).exp() * strength).to(gates);
        Tensor[] inputs = [Draw(1, 2, Length, Dim), Draw(1, 2, Length, Dim), Draw(1, 2, Length, Dim), gate, randn([1, 2, Dim, Dim], device: CUDA)];
        var (toOutput, toState) = (Draw(1, 2, Length, Dim), randn([1, 2, Dim, Dim], device: CUDA));
        Gpu.Poison();

        Tensor[] exact = Results(ScalarType.Float64, GatedLinear.Recurrent), plain = Results(null, GatedLinear.Recurrent);
        var got = Results(null, (q, k, v, g, state, scale) => GatedLinear.Chunked(q, k, v, g, state, scale: scale));
        string[] names = ["output", "state", "q", "k", "v", "logGate", "initialState"];
        // The gate's gradient is the sum of what later queries get less what later keys give: where gates are strong it is much smaller than these.
        var given = inputs[1].to(ScalarType.Float64) * exact[3];
        for (var i = 0; i < names.Length; i++)
        {
            var unit = names[i] == "logGate" ? RelativeError.LargestNorm([exact[i], given]) : RelativeError.LargestNorm([exact[i]]);
            var (error, allowed) = (Off(got[i], exact[i], unit), 2 * Off(plain[i], exact[i], unit) + RelativeError.Floor(ScalarType.BFloat16));
            Assert.True(error <= allowed, $"{names[i]}: {error:e2} over {allowed:e2}");
        }

        static double Off(Tensor got, Tensor exact, double unit) => (got.to(ScalarType.Float64) - exact).norm().item<double>() / unit;

        Tensor[] Results(ScalarType? dtype, Func<Tensor, Tensor, Tensor, Tensor, Tensor?, double, AttentionOutput> form)
        {
            Tensor[] leaves = [.. inputs.Select(input => input.to(dtype ?? input.dtype).detach().clone().requires_grad_(true))];
            var (output, state) = form(leaves[0], leaves[1], leaves[2], leaves[3], leaves[4], 0.125);
            var gradients = autograd.grad([output, state!], leaves, [toOutput.to(output.dtype), toState.to(state!.dtype)]);
            return [output, state, .. gradients];
        }
    }

    [Fact]
    public void Without_a_gpu_calls_go_to_libtorch()
    {
        Assert.SkipWhen(cuda.is_available(), "not run: there is a GPU");
        using var scope = NewDisposeScope();
        var q = randn(1, 2, 5, 8, ScalarType.BFloat16);
        Assert.Null(GatedFunction.TryAttend(q, q, q, -q.abs(), null, 1));
    }

    private static void Check(string id, int length, int heads, int dim, int values)
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        var row = Catalog.Find(id);
        var inputs = AttentionInputs.Random(
            row, new(1, heads, length, length, dim, values), dtype: ScalarType.BFloat16, causal: true, initialState: true, device: CUDA);
        Gpu.Poison();
        Assert.All(Kernels.Conformance.Check(row, inputs), result => Assert.True(result.Holds, $"{result.Form}: {result.Tensor}: {result.Error:e2} over {result.Allowed:e2}"));
    }
}
