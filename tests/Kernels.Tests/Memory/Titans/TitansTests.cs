using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Memory;

public class TitansTests
{
    public static TheoryData<GradientAt> Rules => [.. Enum.GetValues<GradientAt>()];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Chunks_are_the_recurrence_wherever_gradients_are_taken(GradientAt rule)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 45, 6, 5);
        var gates = TitansDraws.Gates(2, 2, 45);
        var (recurrent, chunked) = (Titans.Recurrent(q, k, v, gates, null, rule, 8), Titans.Chunked(q, k, v, gates, null, rule, 8));
        AssertClose(recurrent.Output, chunked.Output);
        AssertClose(recurrent.State!, chunked.State!);
    }

    [Fact]
    public void Gradients_at_the_chunks_start_are_another_function_and_the_same_in_chunks_of_one()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 45, 6, 5);
        var gates = TitansDraws.Gates(2, 2, 45);
        var exact = Titans.Recurrent(q, k, v, gates).Output;
        AssertClose(exact, Titans.Chunked(q, k, v, gates, null, GradientAt.ChunkStart, 1).Output);
        Assert.InRange(Error(Titans.Chunked(q, k, v, gates, null, GradientAt.ChunkStart, 8).Output, exact), 1e-2, 1e3);
    }

    [Fact]
    public void Half_a_step_with_a_unit_key_overwrites()
    {
        using var scope = NewDisposeScope();
        var (_, k, v) = Qkv(2, 2, 20, 6, 5);
        AssertClose(v, Titans.Chunked(k, k, v, MemoryGates.Constant(0.5, 0, 0, k)).Output);
    }

    [Fact]
    public void A_gradient_at_zero_is_decayed_linear_attention()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 45, 6, 5);
        var gates = TitansDraws.Gates(2, 2, 45) with { Momentum = zeros(2, 2, 45, 1, dtype: ScalarType.Float64) };
        var (unitQ, unitK) = (nn.functional.normalize(q, dim: -1), nn.functional.normalize(k, dim: -1));
        var linear = ScalarDecay.Recurrent(unitQ, 2 * gates.Step * unitK, v, (1 - gates.Forget).log());
        AssertClose(linear.Output, Titans.Chunked(q, k, v, gates, null, GradientAt.Zero).Output);
    }

    [Fact]
    public void Gates_of_zero_have_gradients_too()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 1, 9, 4, 3);
        Tensor[] Gradients(Func<MemoryGates, Tensor> run)
        {
            var zero = MemoryGates.Constant(0.2, 0, 1, k);
            var gates = new MemoryGates(zero.Step.requires_grad_(true), zero.Momentum.requires_grad_(true), zero.Forget.requires_grad_(true));
            run(gates).square().sum().backward();
            return [gates.Step.grad!, gates.Momentum.grad!, gates.Forget.grad!];
        }
        var expected = Gradients(gates => Titans.Recurrent(q, k, v, gates).Output);
        foreach (var (want, got) in expected.Zip(Gradients(gates => Titans.Chunked(q, k, v, gates, chunk: 4).Output)))
            AssertClose(want, got);
        Assert.All(expected, gradient => Assert.True(gradient.abs().max().item<double>() > 1e-3));
    }

    [Fact]
    public void Keys_of_one_direction_are_stable_up_to_the_stated_bound_and_not_beyond()
    {
        using var scope = NewDisposeScope();
        var k = ones(1, 1, 400, 1, dtype: ScalarType.Float64);
        double Last(double step, double momentum, double forget) =>
            Titans.Recurrent(k, k, k, MemoryGates.Constant(step, momentum, forget, k)).Output.narrow(2, 399, 1).abs().item<double>();
        foreach (var (momentum, forget) in new[] { (0.0, 0.0), (0.3, 0.5), (0.0, 0.4) })
        {
            var bound = (1 + momentum) * (2 - forget) / 2;
            Assert.InRange(Last(Math.Min(1, 0.95 * bound), momentum, forget), 0, 2);
            if (1.05 * bound <= 1)
                Assert.True(Last(1.05 * bound, momentum, forget) > 100);
        }
    }

    [Fact]
    public void Bad_gates_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 9, 6, 4);
        var good = TitansDraws.Gates(1, 2, 9);
        Assert.StartsWith("step: got a largest value of 1.5, needs numbers of at most 1", Message(good with { Step = good.Step + 1.5 - good.Step.max() }));
        Assert.StartsWith("forget: got a smallest value of -1, needs numbers of at least 0", Message(good with { Forget = -ones_like(good.Forget) }));
        Assert.StartsWith("momentum: got [1,2,8,1], needs [B,H,T,1] = [1,2,9,1]", Message(good with { Momentum = good.Momentum.Part(0, 8) }));

        string Message(MemoryGates gates) => Assert.Throws<ArgumentException>(() => Titans.Chunked(q, k, v, gates)).Message;
    }
}
