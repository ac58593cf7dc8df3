using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>What a token may see moves its output, and nothing else does.</summary>
public class CausalityTests
{
    private static readonly AttentionShape[] Cross = [new(1, 2, 11, 29, 6, 5), new(1, 2, 29, 11, 6, 5)];

    public static TheoryData<Sample> CausalSelf => [.. Matrix.Small.Where(sample => sample.Causal)];

    public static TheoryData<Sample> CausalCross => [.. Matrix.Over(Cross, [ScalarType.Float64]).Where(sample => sample.Causal)];

    public static TheoryData<Sample> Noncausal => [.. Matrix.Small.Where(sample => !sample.Causal && !sample.InitialState)];

    [Theory]
    [MemberData(nameof(CausalSelf))]
    public void A_change_at_t_moves_outputs_from_t_on_and_none_before(Sample sample)
    {
        using var scope = NewDisposeScope();
        var (inputs, other) = (sample.Inputs(), sample.Inputs(seed: 2));
        foreach (var form in Variants.Of(sample.Row))
        {
            var output = form.Run(inputs).Output;
            foreach (var t in new[] { 1L, 12, 13, 20, 36 })
                foreach (var name in inputs.TokenNames())
                {
                    var moved = Moved(output, form.Run(inputs.Splice(other, name, 2, t, 1)).Output);
                    Assert.True(moved[..(int)t].All(change => change == 0), $"{sample} {form.Name}: {name} at {t} moves an earlier output");
                    Assert.True(moved[(int)t..].Any(change => change > 1e-6), $"{sample} {form.Name}: {name} at {t} moves no output");
                }
        }
    }

    [Theory]
    [MemberData(nameof(CausalSelf))]
    public void Outputs_before_t_have_no_gradient_by_what_comes_at_t_or_later(Sample sample)
    {
        const int T = 14;
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs().Map((_, tensor) => tensor.requires_grad_(true));
        foreach (var form in Variants.Of(sample.Row))
        {
            form.Run(inputs).Output.narrow(2, 0, T).square().sum().backward();
            foreach (var (name, tensor) in inputs.Named.Where(named => inputs.TokenNames().Contains(named.Name)))
            {
                var gradient = tensor.grad!;
                Assert.True(gradient.narrow(2, T, gradient.shape[2] - T).abs().max().item<double>() == 0, $"{sample} {form.Name}: gradient of later {name}");
                Assert.True(gradient.narrow(2, 1, T - 1).abs().max().item<double>() > 1e-6, $"{sample} {form.Name}: no gradient of earlier {name}");
                gradient.zero_();
            }
        }
    }

    [Theory]
    [MemberData(nameof(CausalCross))]
    public void A_key_moves_the_outputs_that_see_it_counted_from_the_ends(Sample sample)
    {
        using var scope = NewDisposeScope();
        var (inputs, other) = (sample.Inputs(), sample.Inputs(seed: 2));
        var (queries, keys) = (sample.Shape.QueryLength, sample.Shape.KeyLength);
        foreach (var form in Variants.Of(sample.Row))
        {
            var output = form.Run(inputs).Output;
            foreach (var j in new[] { 0, keys / 2, keys - 1 })
            {
                var moved = Moved(output, form.Run(inputs.Splice(other, "v", 2, j, 1)).Output);
                for (var i = 0; i < queries; i++)
                {
                    var seen = queries - i <= keys - j;
                    Assert.True(seen ? moved[i] > 1e-9 || Cut(sample, inputs, i, j) : moved[i] == 0, $"{sample} {form.Name}: value {j} moves output {i} by {moved[i]}");
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Noncausal))]
    public void Without_causality_every_value_moves_every_output(Sample sample)
    {
        using var scope = NewDisposeScope();
        var (inputs, other) = (sample.Inputs(), sample.Inputs(seed: 2));
        foreach (var form in Variants.Of(sample.Row))
        {
            var output = form.Run(inputs).Output;
            foreach (var j in new[] { 0, 20, 36 })
            {
                var moved = Moved(output, form.Run(inputs.Splice(other, "v", 2, j, 1)).Output);
                Assert.Contains(moved, change => change > 1e-6);
                for (var i = 0; i < moved.Length; i++)
                    Assert.True(moved[i] > 0 || Cut(sample, inputs, i, j), $"{sample} {form.Name}: value {j} does not move output {i}");
            }
        }
    }

    /// <summary>Whether a row that says it cuts keys has left key <paramref name="j"/> no weight for query <paramref name="i"/>, but for rounding.</summary>
    private static bool Cut(Sample sample, AttentionInputs inputs, int i, int j) =>
        sample.Row.CutsKeys is not null && sample.Row.WeightsOf(inputs, rows: [i]).select(-1, j).max().item<double>() < 1e-9;

    /// <summary>The largest change of each output row.</summary>
    private static double[] Moved(Tensor before, Tensor after) => (after - before).abs().amax([0, 1, 3]).data<double>().ToArray();
}
