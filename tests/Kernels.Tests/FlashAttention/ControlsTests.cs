using static TorchSharp.torch;
using Flash = Attn.Kernels.FlashAttention;

namespace Attn.Kernels.Tests.FlashAttention;

/// <summary>What is left out of a control is what makes FlashAttention right: without it the answer is really wrong.</summary>
public class ControlsTests
{
    public static TheoryData<ulong> Seeds => [1, 2, 3];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Without_the_rescale_and_with_a_mean_of_tiles_the_output_is_wrong(ulong seed)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(64, 64, seed: seed);
        var exact = Softmax.Plain(q, k, v);
        Assert.True(Draw.Apart(FlashControls.WithoutRescale(q, k, v, new(64, 16)), exact) > 1e-2);
        Assert.True(Draw.Apart(FlashControls.MeanOfTiles(q, k, v, new(64, 16)), exact) > 1e-2);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void With_a_single_tile_there_is_nothing_to_get_wrong(ulong seed)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(64, 64, seed: seed);
        var exact = Softmax.Plain(q, k, v);
        Assert.True(Draw.Apart(FlashControls.WithoutRescale(q, k, v, new(64, 64)), exact) < 1e-12);
        Assert.True(Draw.Apart(FlashControls.MeanOfTiles(q, k, v, new(64, 64)), exact) < 1e-12);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Without_D_the_gradients_of_q_and_k_are_wrong_and_that_of_v_is_not(ulong seed)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(64, 64, seed: seed);
        var (output, logSumExp) = Flash.Forward(q, k, v, causal: true);
        var outputGradient = randn_like(output);
        var right = Flash.Backward(outputGradient, q, k, v, output, logSumExp, causal: true);
        var wrong = FlashControls.BackwardWithoutRowDot(outputGradient, q, k, v, logSumExp, causal: true);
        Assert.True(Draw.Apart(right.DQ, wrong.DQ) > 1e-2 && Draw.Apart(right.DK, wrong.DK) > 1e-2);
        Assert.Equal(0, Draw.Apart(right.DV, wrong.DV));
    }

    [Fact]
    public void The_naive_exponent_overflows_where_the_online_softmax_does_not_and_is_right_elsewhere()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Draw.Qkv(64, 64, dim: 32);
        var (small, large) = (q.to(ScalarType.Float32), (q * 60).to(ScalarType.Float32));
        var (keys, values) = (k.to(ScalarType.Float32), v.to(ScalarType.Float32));
        Assert.True(Draw.Apart(FlashControls.NaiveExponent(small, keys, values), Softmax.Plain(q, k, v)) < 1e-5);
        Assert.True(FlashControls.NaiveExponent(large, keys, values).isfinite().logical_not().any().item<bool>());
    }
}
