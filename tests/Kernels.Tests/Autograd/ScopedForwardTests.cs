using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Autograd;

/// <summary>Layers open a dispose scope, and move out what they return: the backward pass comes when all else is disposed.</summary>
public class ScopedForwardTests
{
    [Fact]
    public void Lightning_attention_whose_state_nobody_used_has_gradients() => AssertGradient((q, decay) => LightningAttention.Attend(q, q, q, decay).Output);

    [Fact]
    public void Lightning_attention_of_which_only_the_state_is_used_has_gradients() => AssertGradient((q, decay) => LightningAttention.Attend(q, q, q, decay).State!);

    [Fact]
    public void Flash_attention_of_which_only_the_log_sum_exp_is_used_has_gradients() => AssertGradient((q, _) => Kernels.FlashAttention.AttendWithLogSumExp(q, q, q).LogSumExp);

    [Fact]
    public void Lightning_attention_in_slices_has_gradients() => AssertGradient((q, decay) => LightningAttention.Sliced(q, q, q, decay, 3).Output);

    [Fact]
    public void Flash_attention_whose_log_sum_exp_nobody_used_has_gradients() => AssertGradient((q, _) => Kernels.FlashAttention.Attend(q, q, q, causal: true));

    private static void AssertGradient(Func<Tensor, Tensor, Tensor> attend)
    {
        using var scope = NewDisposeScope();
        var q = Normal(1, 1, 2, 20, 8).requires_grad_(true);
        var decay = DecaySlopes.LogDecay([0.1, 0.2], ScalarType.Float64);
        Tensor output;
        using (NewDisposeScope())
            output = (attend(q, decay) * 1).MoveToOuterDisposeScope();
        BackwardFailures.Backward(output.square().sum());
        Assert.True(q.grad!.isfinite().all().item<bool>());
    }
}
