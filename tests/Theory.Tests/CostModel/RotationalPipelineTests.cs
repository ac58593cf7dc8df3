using Attn.Theory.CostModel;

namespace Theory.Tests.CostModel;

public sealed class RotationalPipelineTests
{
    public static TheoryData<int> Batches => [2, 3, 4, 5, 6, 7, 8];

    [Theory]
    [MemberData(nameof(Batches))]
    public void In_balance_nobody_collides_and_all_are_busy(int batches)
    {
        var pipeline = new RotationalPipeline(batches, 40);
        Assert.Equal((0, 0), pipeline.Conflicts());
        Assert.All(pipeline.Utilisation(), busy => Assert.Equal(1, busy));
        var slots = pipeline.Schedule();
        Assert.Equal(2 * 40 * batches, slots.Count);
        Assert.All(slots, slot => Assert.Equal(slot.Resource == pipeline.Pool ? 1.0 / (batches - 1) : 1, slot.End - slot.Start, 1e-9));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Out_of_balance_somebody_collides(int batches)
    {
        var balanced = new RotationalPipeline(batches, 40);
        Assert.True((balanced with { Balance = 1.5 }).Conflicts().Pool > 0);
        Assert.True((balanced with { Balance = 0.5 }).Conflicts().Replicas > 0);
        // With two batches there is one replica: nothing to rotate.
        Assert.Equal(batches > 2, (balanced with { Rotates = false }).Conflicts().Replicas > 0);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("Batches: got 1", Assert.Throws<ArgumentException>(() => new RotationalPipeline(1, 5)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Slices: got 0", Assert.Throws<ArgumentException>(() => new RotationalPipeline(2, 0)).Message, StringComparison.Ordinal);
        var uneven = new RotationalPipeline(2, 5) { Balance = 0.3 };
        Assert.StartsWith("Balance: got 0.3", Assert.Throws<ArgumentException>(() => uneven.Conflicts()).Message, StringComparison.Ordinal);
    }
}
