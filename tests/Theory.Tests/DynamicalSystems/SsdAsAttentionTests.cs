using Attn.Theory.Dsf;
using Attn.Theory.Numerics;
using CsCheck;
using static Theory.Tests.DynamicalSystems.DsfSystemTests;
using static TorchSharp.torch;

namespace Theory.Tests.DynamicalSystems;

public class SsdAsAttentionTests
{
    [Theory]
    [InlineData(1, 50, 4, 1)]
    [InlineData(2, 33, 1, 0.3)]
    [InlineData(3, 1, 3, 2)]
    public void With_rescaled_keys_it_is_attention(int seed, int length, int state, double rate)
    {
        using var scope = NewDisposeScope();
        var (c, b, step) = (Normal(seed, length, state), Normal(seed + 1, length, state), nn.functional.softplus(Normal(seed + 2, length, 1)));
        var (ssd, attention) = (SsdAsAttention.Recurrent(c, b, step, rate), SsdAsAttention.Rescaled(c, b, step, rate));
        Assert.True(Gap(ssd.Weights(), attention.Weights()) < 1e-11);
        Assert.True(Gap(ssd.Decay, attention.Decay) < 1e-12 || length == 1);
        // The dual form: decays times products of queries and keys.
        var time = (rate * step).cumsum(0);
        var dual = ((time.t() - time).tril().exp() * c.matmul(b.t()) * step.t()).tril();
        Assert.True(Gap(ssd.Weights(), dual) < 1e-11);
        if (length > 1)
            Assert.True(Gap(SsdAsAttention.Unscaled(c, b, step).Weights(), ssd.Weights()) > 1e-2);
    }

    [Theory]
    [InlineData(0.7, 1)]
    [InlineData(3, 0.25)]
    public void With_plain_keys_only_coupled_steps_make_it_attention(double first, double rate)
    {
        using var scope = NewDisposeScope();
        const int Length = 40;
        var steps = SsdAsAttention.CoupledSteps(first, Length, rate);
        var (c, b, step) = (Normal(1, Length, 3), Normal(2, Length, 3), tensor(steps).unsqueeze(1));
        Assert.True(Gap(SsdAsAttention.Unscaled(c, b, step).Weights(), SsdAsAttention.Recurrent(c, b, step, rate).Weights()) < 1e-12);
        var later = SsdAsAttention.CoupledSteps(first, 20_001, rate);
        Assert.Equal(1, rate * 20_000 * later[^1], 0.002);
    }

    [Fact]
    public void Lamberts_function_is_the_inverse_of_w_exp_w()
    {
        Gen.Double[-20, 6].Select(Math.Exp).Sample(x =>
        {
            var w = LambertW.Principal(x);
            return Math.Abs(w * Math.Exp(w) - x) <= 1e-14 * x * (1 + w);
        });
        Assert.Equal(0, LambertW.Principal(0));
        Assert.Equal(0.5671432904097838, LambertW.Principal(1), 1e-15);
        Assert.Equal(1, LambertW.Principal(Math.E), 1e-15);
        Assert.True(double.IsFinite(LambertW.Principal(1e300)));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("x", Name(() => LambertW.Principal(-0.1)));
        Assert.Equal("first", Name(() => SsdAsAttention.CoupledSteps(0, 3)));
        Assert.Equal("count", Name(() => SsdAsAttention.CoupledSteps(1, 0)));
        Assert.Equal("rate", Name(() => SsdAsAttention.CoupledSteps(1, 3, 0)));
    }
}
