using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Every form refuses bad arguments with the promised message.</summary>
public class BadArgumentTests
{
    public static TheoryData<Sample> Samples => [.. Matrix.Small];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_bad_argument_is_named(Sample sample)
    {
        using var scope = NewDisposeScope();
        foreach (var form in Variants.Of(sample.Row))
            foreach (var (what, argument, inputs) in BadInputs.Of(sample.Row, sample.Inputs()))
                Promised.Throws(argument, () => form.Run(inputs), $"{sample} {form.Name}, {what}");
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Blocks_of_less_than_one_token_are_refused(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        foreach (var run in sample.Row.Forms.Select(form => form.RunInBlocks).OfType<Func<AttentionInputs, int, AttentionOutput>>())
            foreach (var block in new[] { 0, -1 })
            {
                var thrown = Assert.Throws<ArgumentException>(() => run(inputs, block));
                Promised.Throws(thrown.ParamName!, () => run(inputs, block));
                Assert.Contains($"got {block},", thrown.Message, StringComparison.Ordinal);
            }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Weights_refuse_bad_queries_keys_and_further_tensors(Sample sample)
    {
        if (sample.Row.Weights is null || sample.InitialState)
            return;
        using var scope = NewDisposeScope();
        foreach (var (what, argument, inputs) in BadInputs.Of(sample.Row, sample.Inputs()).Where(bad => bad.Argument != "v"))
            Promised.Throws(argument, () => sample.Row.WeightsOf(inputs), $"{sample} weights, {what}");
    }
}
