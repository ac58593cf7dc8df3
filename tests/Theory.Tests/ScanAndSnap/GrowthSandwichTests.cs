using Attn.Theory.ScanAndSnap;

namespace Theory.Tests.ScanAndSnap;

public sealed class GrowthSandwichTests
{
    [Fact]
    public void Growth_lies_between_its_bounds_on_random_classes_and_where_a_climb_against_them_ends()
    {
        var positions = GrowthSandwich.Positions(2000, seed: 21, climb: 200);
        Assert.Equal(2200, positions.Length);
        Assert.All(positions, position => Assert.InRange(position, -1e-12, 1));
        Assert.InRange(positions.Min(), -1e-12, 0.01);
        Assert.InRange(positions.Max(), 0.05, 1);
        Assert.True(positions[2000..].Min() < positions[..2000].Min(), "the climb goes further than the draws");
    }

    [Fact]
    public void The_first_step_is_on_the_lower_bound() =>
        Assert.Equal(0, GrowthSandwich.Position(new double[,] { { 1, 2, 3 }, { 1, 1, 2 } }, steps: 1), 1e-9);

    [Fact]
    public void Bad_weights_are_named()
    {
        Assert.Equal("weights", Assert.Throws<ArgumentException>(() => GrowthSandwich.Position(new double[1, 3])).ParamName);
        Assert.Equal("weights", Assert.Throws<ArgumentException>(() => GrowthSandwich.Position(new double[2, 2])).ParamName);
    }
}
