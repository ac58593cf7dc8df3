using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Causal cross-attention is aligned at the ends: it is causal self-attention of which some queries, or keys, were left out.</summary>
public class AlignmentTests
{
    private const int Length = 41;

    public static TheoryData<Sample> Samples =>
        [.. Matrix.Over([new(1, 2, Length, Length, 6, 5)], [ScalarType.Float64]).Where(
            sample => sample.Causal && !sample.InitialState && sample.Row.Patterns.HasFlag(AttentionPatterns.CausalCross))];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Fewer_queries_are_the_last_ones(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        foreach (var form in Variants.Of(sample.Row))
            foreach (var queries in new[] { 1, 14, 40 })
            {
                var output = form.Run(inputs with { Q = inputs.Q.narrow(2, Length - queries, queries) }).Output;
                Tolerance.AssertAgree(
                    $"{sample} {form.Name}: last {queries}", output, form.Run(inputs).Output.narrow(2, Length - queries, queries), sample.Dtype);
            }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Queries_before_all_keys_see_nothing_and_give_zeros(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        foreach (var form in Variants.Of(sample.Row))
            foreach (var keys in new[] { 1, 14, 40 })
            {
                var fewer = inputs with { K = inputs.K.narrow(2, 0, keys), V = inputs.V.narrow(2, 0, keys) };
                var output = form.Run(fewer).Output;
                var last = form.Run(fewer with { Q = inputs.Q.narrow(2, Length - keys, keys) }).Output;
                Assert.Equal(0, output.narrow(2, 0, Length - keys).abs().max().item<double>());
                Tolerance.AssertAgree($"{sample} {form.Name}: {keys} keys", output.narrow(2, Length - keys, keys), last, sample.Dtype);
            }
    }
}
