using Attn.Tests;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Autograd;

/// <summary>Backward passes written in C#: an exception in one would end the process, and with it this test run.</summary>
[Collection(AloneCollection.Name)]
public class GuardedFunctionTests
{
    [Fact]
    public void A_failure_is_rethrown_after_the_backward_pass_and_leaves_NaN_gradients()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_(true);
        var loss = Faulty.Call(x, "thrown on purpose")[0].sum();
        var thrown = Assert.Throws<InvalidOperationException>(() => BackwardFailures.Backward(loss));
        Assert.Contains("thrown on purpose", thrown.Message, StringComparison.Ordinal);
        Assert.IsType<NotSupportedException>(thrown.InnerException);
        Assert.True(x.grad!.isnan().all().item<bool>());
    }

    [Fact]
    public void A_failure_of_a_plain_backward_call_waits_for_whoever_asks_and_is_told_once()
    {
        using var scope = NewDisposeScope();
        Faulty.Call(ones(3).requires_grad_(true), "first")[0].sum().backward();
        Assert.Throws<InvalidOperationException>(BackwardFailures.ThrowIfAny);
        BackwardFailures.ThrowIfAny();
    }

    [Fact]
    public void A_failure_is_not_blamed_on_the_next_backward_pass()
    {
        using var scope = NewDisposeScope();
        Faulty.Call(ones(3).requires_grad_(true), "an earlier one")[0].sum().backward();
        var x = ones(3).requires_grad_(true);
        BackwardFailures.Backward(Faulty.Call(x, "")[0].sum());
        Assert.Equal(6, x.grad!.sum().item<float>());
    }

    [Fact]
    public void Outputs_outlive_the_dispose_scope_they_were_made_in()
    {
        using var scope = NewDisposeScope();
        var x = ones(3).requires_grad_(true);
        IReadOnlyList<Tensor> results;
        using (NewDisposeScope())
            results = [.. Faulty.Call(x, "").Select(result => result.MoveToOuterDisposeScope())];
        BackwardFailures.Backward(results[1].sum());
        Assert.Equal(9, x.grad!.sum().item<float>());
    }

    [Fact]
    public void An_output_that_the_loss_does_not_use_counts_with_gradient_zero()
    {
        using var scope = NewDisposeScope();
        var (both, one) = (ones(3).requires_grad_(true), ones(3).requires_grad_(true));
        var results = Faulty.Call(both, "");
        BackwardFailures.Backward(results[0].sum() + results[1].sum());
        BackwardFailures.Backward(Faulty.Call(one, "")[0].sum());
        Assert.Equal([15f, 6f], [both.grad!.sum().item<float>(), one.grad!.sum().item<float>()]);
    }

    /// <summary>2x and 3x; the backward pass throws when it was given a message.</summary>
    private sealed class Faulty : GuardedFunction<Faulty>
    {
        private const string Message = "message";

        public override string Name => nameof(Faulty);

        protected override (int Inputs, int Others) Arity => (1, 1);

        protected override IReadOnlyList<Tensor> Results(autograd.AutogradContext context, IReadOnlyList<object> arguments)
        {
            var x = (Tensor)arguments[0];
            context.save_for_backward([x]);
            context.save_data(Message, arguments[1]);
            return [x * 2, x * 3];
        }

        protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients) =>
            context.get_data(Message) is string { Length: > 0 } message
                ? throw new NotSupportedException(message)
                : [outputGradients[0] * 2 + outputGradients[1] * 3, null];
    }
}
