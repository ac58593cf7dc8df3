using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

/// <summary>Linear attention with a map of its own for the keys, and of another width than the heads.</summary>
public class FeatureMapTests
{
    private static readonly FeatureMap TwoMaps = new(
        x => cat([x.exp(), (-x).exp(), x * 0 + 1], -1), x => cat([(-x).exp(), x.exp(), x * 0 + 2], -1), dim => 3 * dim);

    private static readonly AttentionMechanism Row = FeatureMapRow.Of(TwoMaps, "two-maps", "Two maps", "2024", "A map for tests.", "");

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Every_form_of_the_row_follows_the_maps(bool causal, bool state)
    {
        using var scope = NewDisposeScope();
        var inputs = AttentionInputs.Random(Row, new(2, 2, 21, 21, 6, 5), 1, ScalarType.Float64, causal, state);
        Assert.All(Kernels.Conformance.Check(Row, inputs), result => Assert.True(result.Holds, $"{result.Form} {result.Tensor}: {result.Error}"));
    }

    [Fact]
    public void Weights_take_queries_and_keys_through_their_own_maps()
    {
        using var scope = NewDisposeScope();
        var inputs = AttentionInputs.Random(Row, new(1, 2, 9, 13, 6, 5), 1, ScalarType.Float64, causal: true);
        AssertClose(Row.Form().Run(inputs).Output, Row.WeightsOf(inputs).matmul(inputs.V));
        var scores = TwoMaps.Queries(inputs.Q).matmul(TwoMaps.Keys(inputs.K).transpose(-2, -1)).tril(4);
        AssertClose(scores / scores.sum(-1, keepdim: true), Row.WeightsOf(inputs));
    }

    [Fact]
    public void A_state_of_another_width_is_refused()
    {
        using var scope = NewDisposeScope();
        var inputs = AttentionInputs.Random(Row, AttentionShape.Self(1, 1, 4, 6), 1, ScalarType.Float64);
        var thrown = Assert.Throws<ArgumentException>(() => Row.Form().Run(inputs with { InitialState = zeros(1, 1, 6, 7, dtype: ScalarType.Float64) }));
        Assert.StartsWith("initialState: got [1,1,6,7], needs [B,H,F,Dv+1] = [1,1,18,7]", thrown.Message);
    }
}
