using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Norms;

public class SimpleRmsNormTests
{
    [Fact]
    public void Vectors_get_the_length_of_the_root_of_their_width_whatever_their_scale()
    {
        using var scope = NewDisposeScope();
        var x = Normal(1, 3, 4, 10);
        var normed = SimpleRmsNorm.Apply(x);
        AssertClose(ones(3, 4, dtype: ScalarType.Float64) * Math.Sqrt(10), normed.norm(-1), 1e-5);
        AssertClose(normed, SimpleRmsNorm.Apply(1000 * x), 1e-5);
        AssertClose(x / x.norm(-1, keepdim: true) * Math.Sqrt(10), SimpleRmsNorm.Apply(x, 1e-300));
    }

    [Fact]
    public void A_vector_of_zeros_stays_zero_and_the_dtype_stays()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, SimpleRmsNorm.Apply(zeros(2, 5)).abs().max().item<float>());
        Assert.Equal(ScalarType.BFloat16, SimpleRmsNorm.Apply(ones(2, 5, ScalarType.BFloat16)).dtype);
        Assert.StartsWith("epsilon: got 0", Assert.Throws<ArgumentException>(() => SimpleRmsNorm.Apply(ones(2), 0)).Message);
    }
}
