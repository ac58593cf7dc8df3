using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class BasedLayerTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_layer_is_causal_or_sees_all_and_learns_everywhere(bool causal)
    {
        using var scope = NewDisposeScope();
        using var layer = new BasedLayer(12, 3, featureDim: 4, causal);
        AssertCausal(layer, 12, causal);
    }

    [Fact]
    public void Steps_with_a_state_are_the_whole()
    {
        using var scope = NewDisposeScope();
        using var layer = new BasedLayer(12, 3, featureDim: 4);
        var x = Normal(1, ScalarType.Float32, 2, 9, 12);
        var (state, outputs) = ((Tensor?)null, new List<Tensor>());
        for (var t = 0; t < 9; t++)
        {
            var step = layer.Step(x.narrow(1, t, 1), state);
            outputs.Add(step.Output);
            state = step.State;
        }
        AssertClose(layer.call(x), cat(outputs, 1), 1e-5);
        Assert.Equal([2, 3, TaylorFeatureMap.SymmetricWidth(4), 5], state!.shape);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_gated_short_convolution_reaches_over_its_kernel_and_no_further(int expand)
    {
        using var scope = NewDisposeScope();
        using var layer = new GatedShortConvolution(6, kernel: 3, expand);
        AssertCausal(layer, 6, causal: true);
        var x = Normal(1, ScalarType.Float32, 1, 9, 6);
        var changed = x.clone();
        changed.narrow(1, 2, 1).add_(1);
        var moved = (layer.call(x) - layer.call(changed)).abs().amax([0, 2]).data<float>().ToArray();
        Assert.All(Enumerable.Range(0, 9), t => Assert.Equal(t is 2 or 3 or 4, moved[t] > 1e-6));
    }

    [Fact]
    public void A_short_convolution_is_the_sum_of_its_taps()
    {
        using var scope = NewDisposeScope();
        using var layer = new ShortConvolution(2, kernel: 2);
        layer.Taps.detach().copy_(tensor(new[,] { { 1f, 2 }, { 10, 20 } }));
        layer.get_parameter("_bias")!.detach().copy_(tensor(new[] { 0.5f, 0 }));
        AssertClose(tensor(new double[,,] { { { 1.5, 2 }, { 12.5, 22 } } }), layer.call(tensor(new[, ,] { { { 1f, 1 }, { 2, 1 } } })), 1e-6);
    }

    [Fact]
    public void Bad_sizes_are_named()
    {
        Assert.StartsWith("dim: got 10 channels, needs a multiple of 4 heads", Assert.Throws<ArgumentException>(() => new BasedLayer(10, 4)).Message);
        Assert.StartsWith("kernel: got 0", Assert.Throws<ArgumentException>(() => new GatedShortConvolution(4, kernel: 0)).Message);
    }

    private static void AssertCausal(nn.Module<Tensor, Tensor> layer, int dim, bool causal)
    {
        var x = Normal(1, ScalarType.Float32, 2, 20, dim);
        var changed = x.clone();
        changed.narrow(1, 19, 1).add_(1);
        Assert.Equal(!causal, (layer.call(x) - layer.call(changed)).narrow(1, 0, 19).abs().max().item<float>() > 1e-5f);
        layer.call(x).square().sum().backward();
        Assert.All(layer.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().item<float>() > 0));
    }
}
