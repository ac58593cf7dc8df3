using Attn.Kernels;
using Attn.Tests;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Benchmarks;

/// <summary>Benchmarks measure what they say, and stop where they would take too long.</summary>
[Collection(AloneCollection.Name)]
public class BenchmarkTests
{
    private static readonly AttentionShape Small = AttentionShape.Self(1, 2, 1, 8);

    public static TheoryData<string> Ids => [.. Catalog.Rows.Select(row => row.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_form_of_every_row_can_be_timed(string id)
    {
        var row = Catalog.Find(id);
        foreach (var mode in Enum.GetValues<BenchmarkMode>().Where(mode => mode != BenchmarkMode.Decode || CanDecode(row)))
            foreach (var form in row.Forms)
            {
                var results = Run([(row, form)], [16, 33], mode);
                Assert.Equal([16, 33], results.Select(result => result.Case.Shape.QueryLength));
                Assert.All(results, result => Assert.True(result.Skipped is null && result.Milliseconds > 0 && result.Runs >= 5, $"{id} {form.Name} {mode}"));
            }
    }

    [Fact]
    public void Mechanisms_take_turns_at_each_length()
    {
        var (softmax, linear) = (Catalog.Find("softmax"), Catalog.Find("linear"));
        var results = Run([(softmax, softmax.Form()), (linear, linear.Form())], [32, 8, 16, 8], BenchmarkMode.Forward);
        Assert.Equal(["softmax 8", "linear 8", "softmax 16", "linear 16", "softmax 32", "linear 32"],
            results.Select(result => $"{result.Case.Mechanism.Id} {result.Case.Shape.QueryLength}"));
    }

    [Fact]
    public void What_would_take_too_long_is_left_out_and_said_to_be()
    {
        var softmax = Catalog.Find("softmax");
        var results = Run([(softmax, softmax.Form("plain"))], [64, 1 << 20], BenchmarkMode.Forward, patience: 1);
        Assert.Null(results[0].Skipped);
        Assert.Contains("1 s", results[1].Skipped);
        Assert.True(double.IsNaN(results[1].Milliseconds));
    }

    [Fact]
    public void The_memory_of_a_score_matrix_grows_by_the_square_and_is_seen()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "peak memory is read from Linux");
        var softmax = Catalog.Find("softmax");
        var results = Run([(softmax, softmax.Form("plain"))], [1024, 2048], BenchmarkMode.Forward);
        // Scores, weights and what lies between them: two to six matrices of float32 for each of two heads.
        Assert.InRange(results[1].PeakBytes!.Value, 2L * 2 * 2048 * 2048 * 4, 6L * 2 * 2048 * 2048 * 4);
        Assert.InRange((double)results[1].PeakBytes!.Value / results[0].PeakBytes!.Value, 3, 5);
    }

    [Fact]
    public void A_backward_pass_costs_two_and_a_half_forward_ones_more()
    {
        var softmax = Catalog.Find("softmax");
        var shape = Small with { QueryLength = 256, KeyLength = 256 };
        var forward = new BenchmarkCase(softmax, softmax.Form(), shape, BenchmarkMode.Forward, true, ScalarType.Float32, CPU);
        Assert.Equal(3.5, (forward with { Mode = BenchmarkMode.ForwardBackward }).Cost.Flops / forward.Cost.Flops, 1e-9);
    }

    [Fact]
    public void A_decoding_step_costs_by_the_state_or_by_the_keys()
    {
        var (softmax, linear) = (Catalog.Find("softmax"), Catalog.Find("linear"));
        double Flops(AttentionMechanism row, int length) =>
            new BenchmarkCase(row, row.Form(), Small with { QueryLength = length, KeyLength = length }, BenchmarkMode.Decode, true, ScalarType.Float32, CPU).Cost.Flops;
        Assert.Equal(4, Flops(softmax, 4096) / Flops(softmax, 1024), 1e-9);
        Assert.Equal(1, Flops(linear, 4096) / Flops(linear, 1024), 1e-9);
    }

    [Fact]
    public void No_call_is_faster_than_the_machine_allows()
    {
        var peak = new MachinePeak(FlopsPerSecond: 1e9, BytesPerSecond: 4e9);
        Assert.Equal(2, peak.LeastMilliseconds(new AttentionCost(Flops: 2e6, Elements: 1, StateElements: 0), ScalarType.Float32), 1e-9);
        Assert.Equal(3, peak.LeastMilliseconds(new AttentionCost(Flops: 1, Elements: 3e6, StateElements: 0), ScalarType.Float32), 1e-9);
        var measured = MachinePeak.Measure(CPU, ScalarType.Float32, TestContext.Current.CancellationToken);
        Assert.True(measured.FlopsPerSecond > 1e9 && measured.BytesPerSecond > 1e8);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        var softmax = Catalog.Find("softmax");
        Assert.StartsWith("mechanisms: got none", Assert.Throws<ArgumentException>(() => Run([], [1], BenchmarkMode.Forward)).Message);
        Assert.StartsWith("lengths: got 0", Assert.Throws<ArgumentException>(() => Run([(softmax, softmax.Form())], [0], BenchmarkMode.Forward)).Message);
    }

    private static bool CanDecode(AttentionMechanism row) => row.State is not null || row.Patterns.HasFlag(AttentionPatterns.CausalCross);

    private static IReadOnlyList<BenchmarkResult> Run(
        IReadOnlyList<(AttentionMechanism Mechanism, AttentionForm Form)> mechanisms, IReadOnlyList<int> lengths, BenchmarkMode mode, int patience = 60)
    {
        var causal = mechanisms.All(chosen => chosen.Mechanism.Patterns.HasFlag(AttentionPatterns.CausalSelf));
        return Benchmark.Run(
            mechanisms, lengths, Small, mode, causal, ScalarType.Float32, CPU, TimeSpan.FromSeconds(patience), cancellation: TestContext.Current.CancellationToken);
    }
}
