using Attn.Kernels;
using Attn.Theory.IoComplexity;
using static TorchSharp.torch;

namespace Theory.Tests.IoComplexity;

public sealed class TileMachineTests
{
    private static readonly Cascade[] Softmaxes =
    [
        AttentionCascades.ThreePass, AttentionCascades.DeferredDivision, AttentionCascades.TwoPass, AttentionCascades.OnePass,
        AttentionCascades.OnePassDividing, AttentionCascades.Split, AttentionCascades.OnlineNormaliser, AttentionCascades.NoMaximum,
        AttentionCascades.NoMaximumDividingFirst,
    ];

    public static TheoryData<int, int, int, int, int> Shapes => new() { { 1, 1, 1, 1, 1 }, { 3, 7, 5, 2, 3 }, { 4, 64, 8, 6, 16 }, { 5, 63, 8, 9, 16 }, { 2, 9, 4, 4, 20 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_softmax_cascade_gives_softmax_attention_however_little_memory_there_is(int queries, int keys, int dim, int values, int tile)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(queries, keys, dim, values, seed: keys);
        var dense = Dense(inputs);
        foreach (var cascade in Softmaxes)
            foreach (var machine in Machines(cascade, tile))
                Assert.InRange(Apart(machine.Run(inputs).Outputs["AV"], dense), 0, 1e-13);
    }

    [Fact]
    public void Without_correction_the_output_is_wrong()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(16, 64, 8, 8, seed: 3);
        Assert.True(Apart(AttentionCascades.OnePassUncorrected.Evaluate("m", 8, inputs), Dense(inputs)) > 1e-2);
    }

    [Fact]
    public void Sigmoid_and_linear_attention_are_the_kernels()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(6, 35, 5, 4, seed: 9);
        var scores = inputs["Q"].t().matmul(inputs["K"]);
        Assert.InRange(Apart(AttentionCascades.Sigmoid.Evaluate("m", 8, inputs), scores.sigmoid().matmul(inputs["V"]).t()), 0, 1e-13);
        inputs["Q"].abs_();
        inputs["K"].abs_();
        var weights = inputs["Q"].t().matmul(inputs["K"]);
        Assert.InRange(Apart(AttentionCascades.Linear.Evaluate("m", 8, inputs), (weights / weights.sum(1, true)).matmul(inputs["V"]).t()), 0, 1e-13);
    }

    [Fact]
    public void The_worked_example_is_the_same_number_three_times()
    {
        using var scope = NewDisposeScope();
        var inputs = new Dictionary<string, Tensor> { ["A"] = rand(37, ScalarType.Float64) + 0.1, ["B"] = rand(37, ScalarType.Float64) + 0.1 };
        var exact = (inputs["A"] * inputs["B"]).sum() * inputs["A"].sum();
        foreach (var cascade in new[] { TeachingCascades.TwoPass, TeachingCascades.Deferred, TeachingCascades.Iterative })
            Assert.InRange(Apart(cascade.Evaluate("k", 5, inputs), exact) / exact.item<double>(), 0, 1e-13);
    }

    [Fact]
    public void Random_cascades_give_the_same_however_little_memory_there_is()
    {
        var random = new Random(5);
        for (var i = 0; i < 150; i++)
        {
            using var scope = NewDisposeScope();
            var cascade = RandomCascade.Draw(random, 3 + random.Next(10));
            if (!cascade.Ranks.Contains("m"))
                continue;
            var inputs = new Dictionary<string, Tensor> { ["A"] = 0.5 * rand(7, 2, ScalarType.Float64), ["B"] = 0.5 * rand(2, ScalarType.Float64) };
            var runs = Machines(cascade, 3).Select(machine => machine.Run(inputs)).ToArray();
            Assert.All(runs[0].Outputs, one => Assert.All(runs, run => Assert.InRange(Apart(run.Outputs[one.Key], one.Value) / (1 + one.Value.abs().max().item<double>()), 0, 1e-12)));
            Assert.All(runs, run => Assert.True(run.Reads.GetValueOrDefault("A") <= 14 * cascade.PassCount("m"), $"draw {i}\n{cascade}"));
            Assert.Equal(runs[0].Traffic + runs[2].Spilled, runs[2].Traffic);
        }
    }

    [Theory]
    [InlineData(64, 64, 8)]
    [InlineData(40, 24, 4)]
    public void Traffic_is_that_of_the_papers_loops(int length, int tile, int dim)
    {
        using var scope = NewDisposeScope();
        // The three-pass cascade, spilled, is standard attention, and the one-pass one a row of tiles of FlashAttention-2, which writes a number a row besides.
        var inputs = Inputs(length, length, dim, dim, seed: 1);
        var spilled = new TileMachine(AttentionCascades.ThreePass, "m", tile) { Buffer = 0, Overflow = Overflow.Spill }.Run(inputs);
        Assert.Equal(IoModel.Standard(length, dim), spilled.Traffic);
        const int Rows = 8;
        var moved = Enumerable.Range(0, length / Rows).Sum(i => new TileMachine(AttentionCascades.OnePass, "m", tile).Run(Queries(inputs, i * Rows, Rows)).Traffic);
        Assert.Equal(IoModel.FlashV2(length, dim, Rows), moved + length);
    }

    [Fact]
    public void A_limit_below_a_fiber_costs_reads_or_spills_and_nothing_in_one_pass()
    {
        using var scope = NewDisposeScope();
        const int P = 4, M = 60, E = 5, F = 3;
        var inputs = Inputs(P, M, E, F, seed: 2);
        TileRun Run(Cascade cascade, Overflow overflow, long buffer = P * M - 1) => new TileMachine(cascade, "m", 8) { Buffer = buffer, Overflow = overflow }.Run(inputs);
        foreach (var (cascade, passes, spills) in new[] { (AttentionCascades.ThreePass, 3, 4), (AttentionCascades.DeferredDivision, 2, 2), (AttentionCascades.TwoPass, 2, 2), (AttentionCascades.OnePass, 1, 0) })
        {
            var (again, spilled, held) = (Run(cascade, Overflow.Recompute), Run(cascade, Overflow.Spill), Run(cascade, Overflow.Spill, P * M));
            Assert.Equal((passes * M * E, M * F, P * E, 0L), ((int)again.Reads["K"], (int)again.Reads["V"], (int)again.Reads["Q"], again.Spilled));
            Assert.Equal((M * E, M * F, spills * P * M), ((int)spilled.Reads["K"], (int)spilled.Reads["V"], (int)spilled.Spilled));
            Assert.Equal((M * E, 0), ((int)held.Reads["K"], (int)held.Spilled));
            Assert.Equal(P * F, held.Written);
        }
    }

    [Fact]
    public void Only_one_pass_carries_as_much_for_every_length()
    {
        long Footprint(Cascade cascade, int keys) => cascade.LiveFootprint("m", Sizes(8, keys, 4, 6), 32);
        // RM, RD and six of RNV a query.
        Assert.Equal((8L * (2 + 6), 8L * (2 + 6)), (Footprint(AttentionCascades.OnePass, 256), Footprint(AttentionCascades.OnePass, 4096)));
        Assert.Equal(8L * 6, Footprint(AttentionCascades.Sigmoid, 256)); // The output, under way.
        Assert.InRange(Footprint(AttentionCascades.ThreePass, 4096) / (double)Footprint(AttentionCascades.ThreePass, 256), 15.5, 16);
        Assert.InRange(Footprint(AttentionCascades.TwoPass, 4096) / (double)Footprint(AttentionCascades.TwoPass, 256), 15.5, 16);
        // Tiles apart: LM, SLD and six of SLNV for each of them.
        Assert.Equal(8L * (4096 / 32) * (2 + 6) + 8, Footprint(AttentionCascades.Split, 4096));
    }

    [Fact]
    public void Divisions_are_counted_over_the_iteration_spaces()
    {
        var sizes = Sizes(32, 256, 16, 24);
        Assert.Equal((32L * 256, 32L * 24, 8L * 32 * 24), (AttentionCascades.ThreePass.DivisionCount(sizes, 32),
            AttentionCascades.OnePass.DivisionCount(sizes, 32), AttentionCascades.OnePassDividing.DivisionCount(sizes, 32)));
        Assert.Equal(32L * 256 + 8 * 32, AttentionCascades.OnePass.Count(map => map.Exponentiates, sizes, 32));
    }

    [Fact]
    public void A_maximum_over_nothing_weighs_nothing()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(2, 6, 3, 2, seed: 4);
        inputs["K"].narrow(1, 0, 3).fill_(double.NegativeInfinity);
        inputs["Q"].abs_();
        Assert.InRange(Apart(AttentionCascades.OnePass.Evaluate("m", 3, inputs), Dense(inputs)), 0, 1e-14);
    }

    [Fact]
    public void Nothing_is_left_behind_and_bad_inputs_are_named()
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs(2, 9, 3, 2, seed: 4);
        var before = scope.DisposablesCount;
        new TileMachine(AttentionCascades.TwoPass, "m", 4) { Buffer = 0 }.Run(inputs);
        Assert.Equal(before + 1, scope.DisposablesCount);
        void Throws(string message, Action act) => Assert.StartsWith(message, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);
        Throws("tile: got 0", () => AttentionCascades.OnePass.Evaluate("m", 0, inputs));
        Throws("tile: got 0", () => AttentionCascades.OnePass.DivisionCount(Sizes(1, 1, 1, 1), 0));
        inputs["K"] = inputs["K"].narrow(0, 0, 2);
        Throws("inputs: got K of [2,9], needs K[e,m] = [3,any]", () => AttentionCascades.OnePass.Evaluate("m", 4, inputs));
        inputs.Remove("K");
        Throws("inputs: got none called K", () => AttentionCascades.OnePass.Evaluate("m", 4, inputs));
    }

    private static IEnumerable<TileMachine> Machines(Cascade cascade, int tile) =>
    [
        new(cascade, "m", tile), new(cascade, "m", tile) { Buffer = 0, Overflow = Overflow.Recompute }, new(cascade, "m", tile) { Buffer = 0, Overflow = Overflow.Spill },
    ];

    private static Dictionary<string, int> Sizes(int p, int m, int e, int f) => new() { ["p"] = p, ["m"] = m, ["e"] = e, ["f"] = f };

    private static Dictionary<string, Tensor> Inputs(int queries, int keys, int dim, int values, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
        return new() { ["Q"] = Normal(dim, queries), ["K"] = Normal(dim, keys), ["V"] = Normal(keys, values) };
    }

    private static Dictionary<string, Tensor> Queries(Dictionary<string, Tensor> inputs, int from, int count) =>
        new(inputs) { ["Q"] = inputs["Q"].narrow(1, from, count) };

    private static Tensor Dense(Dictionary<string, Tensor> inputs) => inputs["Q"].t().matmul(inputs["K"]).softmax(-1).matmul(inputs["V"]).t();

    private static double Apart(Tensor a, Tensor b) => (a - b).abs().max().item<double>();
}
