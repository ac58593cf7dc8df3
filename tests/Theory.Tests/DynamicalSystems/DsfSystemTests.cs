using Attn.Kernels;
using Attn.Theory.Dsf;
using static TorchSharp.torch;

namespace Theory.Tests.DynamicalSystems;

public class DsfSystemTests(ITestOutputHelper output)
{
    [Fact]
    public void The_recurrence_and_the_kernel_are_one_map()
    {
        using var scope = NewDisposeScope();
        var random = new Random(1);
        for (var draw = 0; draw < 30; draw++)
        {
            var (length, state, inputs, outputs) = (random.Next(1, 9), random.Next(1, 6), random.Next(1, 5), random.Next(1, 5));
            var system = Random(draw, [2, 3], length, state, inputs, outputs, skip: draw % 2 == 0);
            var u = Normal(draw + 100, 2, 3, length, inputs);
            var byKernel = system.Kernel().matmul(u.flatten(-2, -1).unsqueeze(-1)).view(2, 3, length, outputs);
            Assert.True(Gap(byKernel, system.Run(u)) < 1e-12, $"draw {draw}: L{length} N{state} d{inputs} p{outputs}");
        }
    }

    [Fact]
    public void The_kernel_is_the_product_of_its_matrices_by_hand()
    {
        using var scope = NewDisposeScope();
        var system = Random(3, [], 3, 2, 1, 1, skip: true);
        var phi = system.Kernel();
        Tensor Block(int i, int j, Tensor decay) => (system.C[i] * decay).matmul(system.B[j]).squeeze();
        var one = ones(2, dtype: ScalarType.Float64);
        Assert.Equal(Block(2, 0, system.Lambda[2] * system.Lambda[1]).item<double>(), phi[2, 0].item<double>(), 1e-14);
        Assert.Equal(Block(2, 1, system.Lambda[2]).item<double>(), phi[2, 1].item<double>(), 1e-14);
        Assert.Equal((Block(1, 1, one) + system.D![1].squeeze()).item<double>(), phi[1, 1].item<double>(), 1e-14);
        Assert.Equal(0, phi[0, 1].item<double>());
    }

    [Fact]
    public void Another_state_has_another_lambda_and_the_same_kernel()
    {
        using var scope = NewDisposeScope();
        var system = Random(5, [2], 7, 4, 3, 2, skip: true);
        var other = system.Rescaled(Normal(6, 2, 7, 4).exp());
        Assert.True(Gap(system.Kernel(), other.Kernel()) < 1e-12);
        Assert.True(Gap(system.Lambda, other.Lambda) > 0.1);
    }

    [Fact]
    public void No_block_below_the_diagonal_has_a_larger_rank_than_the_state()
    {
        using var scope = NewDisposeScope();
        const int State = 2, Length = 6, Channels = 2;
        double Next(int state) // σ_3 / σ_1, of 10 000 systems.
        {
            var phi = Random(7, [10_000], Length, state, Channels, Channels, skip: true).Kernel();
            var values = RankDiagnostics.SingularValues(Dsf.OffDiagonal(phi, Length, 3));
            return (values.select(-1, State) / values.select(-1, 0)).max().item<double>();
        }
        var (within, above) = (Next(State), Next(State + 1));
        output.WriteLine($"largest σ₃/σ₁: {within:E1} with two states, {above:E1} with three");
        Assert.InRange(within, 0, 1e-12);
        Assert.True(above > 1e-2);
    }

    [Fact]
    public void Complex_states_have_real_outputs()
    {
        using var scope = NewDisposeScope();
        var turn = complex(tensor(0.0), tensor(1.0)).view(1, 1).expand(4, 1); // h turns by a quarter a step.
        var unit = ones(4, 1, 1, dtype: ScalarType.Float64).to(ScalarType.ComplexFloat64);
        var impulse = tensor(new double[] { 1, 0, 0, 0 }).unsqueeze(1);
        var y = new DsfSystem(turn, unit, unit).Run(impulse);
        Assert.Equal(ScalarType.Float64, y.dtype);
        Assert.True(Gap(y.squeeze(), tensor(new double[] { 1, 0, -1, 0 })) < 1e-15);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        var system = Random(1, [], 3, 2, 2, 2, skip: false);
        Assert.Equal("lambda", Name(() => _ = new DsfSystem(zeros(3), system.B, system.C)));
        Assert.Equal("b", Name(() => _ = new DsfSystem(system.Lambda, system.C.narrow(1, 0, 1), system.C)));
        Assert.Equal("c", Name(() => _ = new DsfSystem(system.Lambda, system.B, system.B.narrow(0, 0, 2))));
        Assert.Equal("c", Name(() => _ = new DsfSystem(system.Lambda, system.B, system.C.to(ScalarType.Float32))));
        Assert.Equal("d", Name(() => _ = new DsfSystem(system.Lambda, system.B, system.C, zeros(3, 3, 2))));
        Assert.Equal("u", Name(() => system.Run(zeros(2, 2))));
        Assert.Equal("t", Name(() => system.Rescaled(ones(3, 3))));
        Assert.Equal("t", Name(() => Dsf.OffDiagonal(system.Kernel(), 3, 3)));
        Assert.Equal("phi", Name(() => Dsf.OffDiagonal(system.Kernel(), 4, 1)));
        Assert.Equal("channels", Name(() => new HeadSystem(ones(3, 2), ones(3, 2), ones(3, 2)).ToSystem(0)));
    }

    internal static Tensor Normal(int seed, params long[] shape)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randn(shape, ScalarType.Float64, generator: generator);
    }

    internal static double Gap(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        return a.shape.SequenceEqual(b.shape) ? (a - b).abs().max().item<double>() : double.PositiveInfinity;
    }

    private static DsfSystem Random(int seed, long[] leading, long length, long state, long inputs, long outputs, bool skip) => new(
        Normal(seed, [.. leading, length, state]).tanh(), Normal(seed + 1, [.. leading, length, state, inputs]),
        Normal(seed + 2, [.. leading, length, outputs, state]), skip ? Normal(seed + 3, [.. leading, length, outputs, inputs]) : null);
}
