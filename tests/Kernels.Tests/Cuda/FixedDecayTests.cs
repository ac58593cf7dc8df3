using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Cuda;

/// <summary>The CUDA kernel of fixed decays equals the reference, at odd shapes, cut into segments or not; needs a GPU.</summary>
[Trait(Gpu.Trait, "true")]
public class FixedDecayTests
{
    public static TheoryData<int, int, int, int> Shapes => new()
    {
        { 1, 1, 64, 64 },
        { 127, 2, 60, 33 },
        { 129, 3, 128, 128 },
        { 2049, 1, 128, 64 },
        { 4100, 2, 96, 128 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Output_state_and_gradients_equal_the_reference(int length, int heads, int dim, int values)
    {
        Gpu.SkipWithout();
        using var scope = NewDisposeScope();
        var row = Catalog.Find("lightning");
        var inputs = AttentionInputs.Random(
            row, new(1, heads, length, length, dim, values), dtype: ScalarType.BFloat16, causal: true, initialState: true, device: CUDA);
        Assert.All(Kernels.Conformance.Check(row, inputs), result => Assert.True(result.Holds, $"{result.Form}: {result.Tensor}: {result.Error:e2} over {result.Allowed:e2}"));
    }

    [Fact]
    public void Without_a_gpu_calls_go_to_libtorch_and_the_reason_is_told()
    {
        Assert.SkipWhen(cuda.is_available(), "not run: there is a GPU");
        using var scope = NewDisposeScope();
        Assert.Equal("no CUDA device that libtorch can use", CudaKernels.Reason);
        var (q, decay) = (randn(1, 2, 5, 8, ScalarType.BFloat16), full([1, 2, 1, 1], -0.1));
        Assert.Null(FixedDecayFunction.TryAttend(q, q, q, decay, null, 1));
        Assert.False(CudaKernels.Serve(q));
    }
}
