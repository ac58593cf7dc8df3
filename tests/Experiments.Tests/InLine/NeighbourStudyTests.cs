using static TorchSharp.torch;

namespace Attn.Experiments.Tests.InLine;

public class NeighbourStudyTests
{
    [Fact]
    public void The_target_is_the_mean_of_the_four_neighbours()
    {
        using var scope = NewDisposeScope();
        var image = zeros(1, 196, 8);
        image[0, 14 * 3 + 5, 2] = 4;
        var target = NeighbourStudy.Target(image)[0, .., 2].reshape(14, 14);
        var expected = zeros(14, 14);
        foreach (var (row, column) in new[] { (2, 5), (4, 5), (3, 4), (3, 6) })
            expected[row, column] = 1;
        Assert.True(target.eq(expected).all().item<bool>());
        Assert.Equal(4, NeighbourStudy.Target(image).sum().item<float>());
    }

    [Fact]
    public void Content_knows_nothing_of_neighbours_and_shifts_know_all()
    {
        var (attention, withShifts) = NeighbourStudy.LeastSquaresFit(1);
        Assert.InRange(attention, -0.02, 0.05);
        Assert.InRange(withShifts, 0.999, 1);
    }

    [Fact]
    public void Hiding_the_neighbours_hurts_more_than_hiding_as_many_others()
    {
        var (none, random, block) = (NeighbourStudy.Masked(HiddenKeys.None, 1), NeighbourStudy.Masked(HiddenKeys.RandomNine, 1), NeighbourStudy.Masked(HiddenKeys.Block, 1));
        Assert.True(none > random && random > 0.5 && block < 0, $"{none}, {random}, {block}");
    }

    [Fact]
    public void A_seed_fixes_a_run()
    {
        double Run(int seed) => NeighbourStudy.Trained(residual: true, steps: 3, seed, TestContext.Current.CancellationToken);
        Assert.Equal(Run(4), Run(4));
        Assert.NotEqual(Run(4), Run(5));
    }
}
