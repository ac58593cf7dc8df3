using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class SsdTests
{
    [Fact]
    public void It_is_the_state_space_model_step_by_step()
    {
        using var scope = NewDisposeScope();
        var (c, b, x) = Qkv(1, 2, 20, 4, 3);
        var (step, rate) = (rand([1, 2, 20, 1], ScalarType.Float64), -rand([1, 2, 1, 1], ScalarType.Float64));
        var result = Ssd.Chunked(c, b, x, step, rate, chunk: 8);
        for (var h = 0; h < 2; h++)
        {
            var state = zeros(4, 3, dtype: ScalarType.Float64);
            for (var t = 0; t < 20; t++)
            {
                var delta = step[0, h, t, 0];
                state = exp(delta * rate[0, h, 0, 0]) * state + delta * outer(b[0, h, t], x[0, h, t]);
                AssertClose(c[0, h, t].matmul(state), result.Output[0, h, t]);
            }
            AssertClose(state, result.State![0, h]);
        }
    }

    [Fact]
    public void The_weights_times_the_values_are_the_output_and_a_step_continues_it()
    {
        using var scope = NewDisposeScope();
        var (c, b, x) = Qkv(2, 2, 20, 4, 3);
        var (step, rate) = (rand([2, 2, 20, 1], ScalarType.Float64), -rand([1, 2, 1, 1], ScalarType.Float64));
        var whole = Ssd.Parallel(c, b, x, step, rate);
        AssertClose(whole.Output, Ssd.Weights(c, b, step, rate).matmul(x));
        var before = Ssd.Chunked(c.Part(0, 19), b.Part(0, 19), x.Part(0, 19), step.Part(0, 19), rate);
        var last = Ssd.Step(c.Part(19, 1), b.Part(19, 1), x.Part(19, 1), step.Part(19, 1), rate, before.State);
        AssertClose(whole.Output.Part(19, 1), last.Output);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (c, b, x) = Qkv(1, 2, 20, 4, 3);
        var (step, rate) = (rand([1, 2, 20, 1], ScalarType.Float64), -rand([1, 2, 1, 1], ScalarType.Float64));
        Assert.StartsWith("step: got a smallest value of", Message(() => Ssd.Parallel(c, b, x, step - 1, rate)));
        Assert.StartsWith("step: got [1,2,20,3]", Message(() => Ssd.Parallel(c, b, x, x, rate)));
        Assert.StartsWith("rate: got a largest value of", Message(() => Ssd.Parallel(c, b, x, step, -rate)));
        Assert.StartsWith("rate: got [1,2,20,1]", Message(() => Ssd.Weights(c, b, step, step)));

        static string Message(Action action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
