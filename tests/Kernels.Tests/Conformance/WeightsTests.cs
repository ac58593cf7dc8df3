using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>The attention matrix on demand: whole and in parts the same one, and the one that the output comes from.</summary>
public class WeightsTests
{
    private static readonly AttentionShape[] Shapes = [new(2, 3, 37, 37, 6, 5), new(1, 3, 11, 29, 6, 5), new(1, 3, 29, 11, 6, 5)];

    public static TheoryData<Sample> Samples =>
        [.. Matrix.Over(Shapes, [ScalarType.Float64, ScalarType.Float32]).Where(sample => sample.Row.Weights is not null && !sample.InitialState)];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Weights_times_values_is_the_output(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        var weights = sample.Row.WeightsOf(inputs);
        Assert.Equal([sample.Shape.Batch, sample.Shape.Heads, sample.Shape.QueryLength, sample.Shape.KeyLength], weights.shape);
        foreach (var form in sample.Row.Forms)
            Tolerance.AssertAgree($"{sample} {form.Name}", weights.matmul(inputs.V.to(weights.dtype)), form.Run(inputs).Output, sample.Dtype);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Chosen_heads_and_rows_are_those_of_the_whole_in_the_order_asked_for(Sample sample)
    {
        int[] heads = [2, 0], rows = [10, 0, 7, 10];
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        var whole = sample.Row.WeightsOf(inputs);
        var (headIndex, rowIndex) = (tensor(new[] { 2L, 0 }), tensor(new[] { 10L, 0, 7, 10 }));
        Tolerance.AssertAgree($"{sample} heads", sample.Row.WeightsOf(inputs, heads), whole.index_select(1, headIndex), sample.Dtype);
        Tolerance.AssertAgree($"{sample} rows", sample.Row.WeightsOf(inputs, rows: rows), whole.index_select(2, rowIndex), sample.Dtype);
        Tolerance.AssertAgree(
            $"{sample} both", sample.Row.WeightsOf(inputs, heads, rows), whole.index_select(1, headIndex).index_select(2, rowIndex), sample.Dtype);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void Hidden_keys_have_weight_zero(Sample sample)
    {
        using var scope = NewDisposeScope();
        var weights = sample.Row.WeightsOf(sample.Inputs());
        Assert.True(weights.isfinite().all().item<bool>());
        var (queries, keys) = (sample.Shape.QueryLength, sample.Shape.KeyLength);
        var hidden = weights.abs().triu(sample.Causal ? keys - queries + 1 : keys);
        Assert.Equal(0, hidden.to(ScalarType.Float64).max().item<double>());
        Assert.True(weights.abs().tril(sample.Causal ? keys - queries : keys).to(ScalarType.Float64).max().item<double>() > 0);
    }

    [Fact]
    public void A_bad_index_is_refused()
    {
        using var scope = NewDisposeScope();
        foreach (var sample in Samples.Select(data => data.Data).Where(sample => sample.Dtype == ScalarType.Float64))
        {
            var inputs = sample.Inputs();
            Promised.Throws("heads", () => sample.Row.WeightsOf(inputs, heads: [3]));
            Promised.Throws("heads", () => sample.Row.WeightsOf(inputs, heads: []));
            Promised.Throws("rows", () => sample.Row.WeightsOf(inputs, rows: [sample.Shape.QueryLength]));
            Promised.Throws("rows", () => sample.Row.WeightsOf(inputs, rows: [-1]));
            Promised.Throws("rows", () => sample.Row.WeightsOf(inputs, rows: []));
        }
    }
}
