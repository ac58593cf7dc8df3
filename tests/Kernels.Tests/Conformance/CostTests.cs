namespace Attn.Kernels.Tests.Conformance;

/// <summary>Cost formulas: positive, linear in batch and heads, growing with every size, and never more for less to see.</summary>
public class CostTests
{
    private static readonly AttentionShape Base = new(2, 3, 128, 128, 32, 16);

    public static TheoryData<string, bool> Served =>
        [.. from row in Catalog.Rows from causal in new[] { false, true } where row.Serves(Base, causal) select (row.Id, causal)];

    [Theory]
    [MemberData(nameof(Served))]
    public void Costs_are_positive_and_finite(string id, bool causal)
    {
        foreach (var shape in new[] { Base, AttentionShape.Self(1, 1, 1, 1), AttentionShape.Self(64, 32, 4096, 128) })
            Assert.All(Parts(id, shape, causal), part => Assert.True(part > 0 && double.IsFinite(part), $"{shape}: {part}"));
    }

    [Theory]
    [MemberData(nameof(Served))]
    public void Batch_and_heads_multiply_the_cost(string id, bool causal)
    {
        foreach (var shape in new[] { Base with { Batch = 8 }, Base with { Heads = 12 } })
            Assert.All(Parts(id, Base, causal).Zip(Parts(id, shape, causal)), pair => Assert.Equal(4, pair.Second / pair.First, 1e-9));
    }

    [Theory]
    [MemberData(nameof(Served))]
    public void More_tokens_and_wider_heads_cost_more(string id, bool causal)
    {
        AttentionShape[] larger = [Base with { QueryLength = 256, KeyLength = 256 }, Base with { KeyDim = 64 }, Base with { ValueDim = 32 }];
        foreach (var shape in larger)
        {
            var (less, more) = (Parts(id, Base, causal), Parts(id, shape, causal));
            Assert.True(more[0] > less[0] && more[1] > less[1] && more[2] >= less[2], $"{shape}: {string.Join(", ", more)} after {string.Join(", ", less)}");
        }
        if (!Catalog.Find(id).Patterns.HasFlag(AttentionPatterns.NoncausalCross))
            return;
        Assert.True(Parts(id, Base with { KeyLength = 256 }, causal)[1] > Parts(id, Base, causal)[1]);
    }

    [Theory]
    [MemberData(nameof(Served))]
    public void At_least_the_inputs_and_the_output_cross_slow_memory(string id, bool causal)
    {
        var slices = (double)Base.Batch * Base.Heads;
        Assert.True(Parts(id, Base, causal)[1] >= slices * Base.QueryLength * 2 * (Base.KeyDim + Base.ValueDim));
    }

    [Theory]
    [MemberData(nameof(Served))]
    public void At_least_every_value_is_multiplied_in(string id, bool causal) =>
        Assert.True(Parts(id, Base, causal)[0] >= 2.0 * Base.Batch * Base.Heads * Base.KeyLength * Base.ValueDim);

    private static double[] Parts(string id, AttentionShape shape, bool causal)
    {
        var cost = Catalog.Find(id).Cost(shape, causal);
        return [cost.Flops, cost.Elements, cost.StateElements];
    }
}
