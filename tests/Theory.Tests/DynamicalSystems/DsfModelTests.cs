using Attn.Theory.Dsf;
using static Theory.Tests.DynamicalSystems.DsfSystemTests;
using static TorchSharp.torch;

namespace Theory.Tests.DynamicalSystems;

public class DsfModelTests(ITestOutputHelper output)
{
    public static TheoryData<string> Names => [.. DsfModels.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_is_its_system_by_the_recurrence_and_by_the_kernel(string name)
    {
        var random = new Random(name.Length);
        for (var draw = 0; draw < 6; draw++)
        {
            using var scope = NewDisposeScope();
            var (length, dim, state) = (draw == 0 ? 1 : random.Next(2, 14), random.Next(1, 6), random.Next(1, 5));
            var model = DsfModels.Create(name, dim, state, draw);
            var u = Normal(draw + 50, length, dim);
            var (direct, system) = (model.Direct(u), model.System(u));
            var size = direct.abs().max().item<double>() + 1;
            var error = Math.Max(
                Gap(system.Run(u), direct),
                Gap(system.Kernel().matmul(u.flatten().unsqueeze(1)).view(length, dim), direct)) / size;
            output.WriteLine($"L{length}-d{dim}-n{state}: {error:E1}");
            Assert.True(error < 1e-11, $"{name}, L{length}-d{dim}-n{state}, seed {draw}: {error:E1}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void With_lambda_upside_down_it_is_another(string name)
    {
        using var scope = NewDisposeScope();
        var (model, u) = (DsfModels.Create(name, 5, 3, 1), Normal(2, 12, 5));
        var system = model.System(u);
        var wrong = new DsfSystem(system.Lambda.pow(-1), system.B, system.C, system.D);
        Assert.True(Gap(wrong.Run(u), model.Direct(u)) > 0.1);
    }

    [Fact]
    public void States_are_as_large_as_the_table_says()
    {
        using var scope = NewDisposeScope();
        int State(string name) => DsfModels.Create(name, 5, 3, 1).System(Normal(1, 4, 5)).StateSize;
        Assert.All(new[] { "linear", "normalised", "retnet", "gla", "ssd", "s6", "s4" }, name => Assert.Equal(15, State(name)));
        Assert.All(new[] { "qlstm", "qlstm-reversed", "rg-lru", "lru" }, name => Assert.Equal(5, State(name)));
        Assert.Equal(5 * 10, State("softmax-taylor"));
    }

    [Fact]
    public void The_used_state_is_what_features_and_channels_allow()
    {
        using var scope = NewDisposeScope();
        const int Length = 24, Dim = 3, Half = 12;
        var u = Normal(3, Length, Dim);
        int Rank(DsfModel model) => Dsf.OffDiagonalRank(model.System(u).Kernel(), Length, Half);
        foreach (var n in new[] { 2, 4, 6 })
        {
            Assert.Equal(n * Dim, Rank(AttentionModels.Linear(Dim, n, 1)));
            // Without a nonlinear feature map, more features than inputs add nothing.
            Assert.All(
                new[] { AttentionModels.Normalised(Dim, n, 1), StateSpaceModels.Ssd(Dim, n, 1), AttentionModels.Retention(Dim, n, 1) },
                model => Assert.Equal(Math.Min(n, Dim) * Dim, Rank(model)));
            Assert.Equal(Half * Dim, Dsf.OffDiagonalRank(AttentionModels.SoftmaxKernel(Dim, n, 1)(u), Length, Half));
        }
        Assert.Equal(4 * Dim, Rank(StateSpaceModels.S6(Dim, 4, 1)));
    }

    [Fact]
    public void S6_with_one_state_and_one_rate_is_a_gated_network()
    {
        foreach (var rate in new[] { 1, 0.5, 3 })
        {
            using var scope = NewDisposeScope();
            var u = Normal(4, 20, 4);
            var (s6, rnn) = (StateSpaceModels.S6(4, 1, 7, rate), StateSpaceModels.S6AsGatedRnn(4, 7, rate));
            Assert.True(Gap(rnn.System(u).Run(u), rnn.Direct(u)) < 1e-12);
            Assert.True(Dsf.Compare(s6, rnn, u).Same);
            Assert.False(Dsf.Compare(s6, StateSpaceModels.S6AsGatedRnn(4, 7, rate + 0.5), u).Same);
        }
        var z = 8 * Normal(5, 1000);
        Assert.True(Gap(ReversedSigmoid.Forget(z, 1.7), ReversedSigmoid.FromStep(z, 1.7)) < 1e-15);
        Assert.True(Gap(ReversedSigmoid.Forget(-z), ReversedSigmoid.FromStep(z)) > 0.5);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("name", Name(() => DsfModels.Create("lstm", 2, 2, 1)));
        Assert.Equal("dim", Name(() => DsfModels.Create("s4", 0, 2, 1)));
        Assert.Equal("state", Name(() => DsfModels.Create("s4", 2, 0, 1)));
        Assert.Equal("function", Name(() => ((NormFunction)9).Of(zeros(1))));
        Assert.Equal("power", Name(() => ReversedSigmoid.Forget(zeros(1), -1)));
    }
}
