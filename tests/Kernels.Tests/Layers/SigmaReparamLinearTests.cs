using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Layers;

public class SigmaReparamLinearTests
{
    [Theory]
    [InlineData(5, 3)]
    [InlineData(4, 9)]
    [InlineData(1, 1)]
    public void Gamma_is_the_spectral_norm_of_what_is_used(int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        using var one = new SigmaReparamLinear(inputs, outputs);
        using var same = new SigmaReparamLinear(inputs, outputs, gain: SigmaGain.InitialSigma);
        Assert.Equal(1, PowerIteration.SpectralNorm(one.EffectiveWeight()), 1e-5);
        Assert.True(same.EffectiveWeight().allclose(same.Weight, 1e-4, 1e-6));
        using (no_grad())
        {
            one.Gamma.fill_(2.5);
            one.Weight.mul_(7);
        }

        Assert.Equal(2.5, PowerIteration.SpectralNorm(one.EffectiveWeight()), 1e-4);
        var x = randn(2, 3, inputs);
        Assert.True(one.call(x).allclose(x.matmul(one.EffectiveWeight().t()), 1e-4, 1e-5));
        Assert.Equal([2, 3, outputs], one.call(x).shape);
    }

    [Fact]
    public void The_gradient_of_the_weight_loses_its_part_along_the_weight()
    {
        using var scope = NewDisposeScope();
        using var layer = new SigmaReparamLinear(6, 4, bias: false);
        layer.to(ScalarType.Float64).eval();
        Assert.Equal(ScalarType.Float64, layer.Right.dtype);
        layer.Gamma.detach().fill_(1.7);
        layer.PowerIterate();
        var g = randn([4, 6], ScalarType.Float64);
        var got = autograd.grad([(layer.EffectiveWeight() * g).sum()], [layer.Weight])[0];
        var (w, u) = (layer.Weight.detach(), layer.Right);
        var v = w.mv(u) / w.mv(u).norm();
        var s = v.dot(w.mv(u));
        Assert.True(got.allclose(1.7 / s * (g - (g * w).sum() / s * outer(v, u)), 1e-10, 1e-12));
        Assert.InRange((got * w).sum().abs().item<double>(), 0, 1e-10);
    }

    [Fact]
    public void U_follows_the_weight_in_training_alone_and_is_saved()
    {
        using var scope = NewDisposeScope();
        using var layer = new SigmaReparamLinear(8, 8);
        using (no_grad())
            layer.Weight.copy_(randn(8, 8));
        var (before, x) = (layer.Right.clone(), randn(2, 8));
        layer.eval();
        layer.call(x);
        Assert.True(layer.Right.Equals(before));
        layer.train();
        for (var pass = 0; pass < 200; pass++)
            using (NewDisposeScope())
                layer.call(x);
        Assert.False(layer.Right.allclose(before, 1e-2));
        Assert.Equal(PowerIteration.SpectralNorm(layer.Weight), layer.Sigma().item<float>(), 1e-3);
        Assert.Contains("_right", layer.state_dict().Keys);
        Assert.Equal(3, layer.parameters().Count());

        using var other = new SigmaReparamLinear(8, 8);
        other.load_state_dict(layer.state_dict());
        Assert.True(other.Right.Equals(layer.Right));
    }

    [Fact]
    public void Two_passes_before_one_backward_are_no_clash()
    {
        using var scope = NewDisposeScope();
        using var layer = new SigmaReparamLinear(4, 4);
        var x = randn(2, 4);
        BackwardFailures.Backward(layer.call(layer.call(x)).square().sum());
        Assert.All(layer.parameters(), parameter => Assert.True(parameter.grad!.isfinite().all().item<bool>()));
    }

    [Fact]
    public void A_weight_of_zeros_gives_no_NaN()
    {
        using var scope = NewDisposeScope();
        using var layer = new SigmaReparamLinear(4, 4, bias: false);
        layer.Weight.detach().zero_();
        Assert.Equal(0, layer.call(ones(1, 4)).abs().sum().item<float>());
        Assert.Equal(0, layer.call(ones(1, 4)).abs().sum().item<float>());
    }

    [Theory]
    [InlineData(SigmaGain.One)]
    [InlineData(SigmaGain.InitialSigma)]
    public void It_starts_from_a_weight_of_ones_own(SigmaGain gain)
    {
        using var scope = NewDisposeScope();
        using var layer = new SigmaReparamLinear(5, 3, gain: gain);
        using (no_grad())
            foreach (var parameter in layer.parameters())
                parameter.add_(3);
        var weight = randn(3, 5);
        layer.Initialise(weight);
        var sigma = linalg.svdvals(weight)[0].item<float>();
        Assert.True(layer.Weight.Equals(weight));
        Assert.Equal(sigma, layer.Sigma().item<float>(), 1e-5);
        Assert.Equal(gain == SigmaGain.One ? 1 : sigma, layer.Gamma.item<float>(), 1e-5);
        Assert.Equal(0, layer.Bias!.abs().sum().item<float>());
        Assert.True(layer.parameters().All(parameter => parameter.requires_grad));
    }

    [Fact]
    public void Fresh_weights_have_the_deviation_asked_for_and_no_tails()
    {
        using var scope = NewDisposeScope();
        using var layer = new SigmaReparamLinear(400, 300, deviation: 0.02);
        Assert.Equal(0.02 * 0.8796, layer.Weight.std().item<float>(), 2e-4);
        Assert.InRange(layer.Weight.abs().max().item<float>(), 0.0395, 0.02 * 2);
        using var other = new SigmaReparamLinear(400, 300);
        Assert.Equal(0.8796 / 20, other.Weight.std().item<float>(), 5e-4);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        using var layer = new SigmaReparamLinear(4, 2);
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("inputs", Name(() => _ = new SigmaReparamLinear(0, 2)));
        Assert.Equal("outputs", Name(() => _ = new SigmaReparamLinear(2, 0)));
        Assert.Equal("deviation", Name(() => _ = new SigmaReparamLinear(2, 2, deviation: 0)));
        Assert.Equal("x", Name(() => layer.call(ones(3))));
        Assert.Equal("weight", Name(() => layer.Initialise(ones(4, 2))));
    }
}
