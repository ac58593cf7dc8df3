namespace Attn.Experiments.Tests;

public class ScanStudyTests
{
    [Fact]
    public void A_grid_has_one_mark_and_every_cell_its_class()
    {
        var (batch, marks) = MarkedGrid.Sample(50, new Random(1));
        var (inputs, targets) = (batch.Inputs.data<long>().ToArray(), batch.Targets.data<long>().ToArray());
        for (var b = 0; b < 50; b++)
        {
            var cells = inputs[(b * MarkedGrid.Cells)..((b + 1) * MarkedGrid.Cells)];
            Assert.Equal(MarkedGrid.Cells - 1, cells.Count(cell => cell == 0));
            Assert.All(targets[(b * MarkedGrid.Cells)..((b + 1) * MarkedGrid.Cells)], target => Assert.Equal(cells[marks[b]] - 1, target));
        }

        Assert.StartsWith("batch: got 0", Assert.Throws<ArgumentException>(() => MarkedGrid.Sample(0, new Random(1))).Message);
    }

    [Fact]
    public void Only_the_global_scan_knows_what_comes_later()
    {
        var stop = TestContext.Current.CancellationToken;
        var (global, causal) = (ScanStudy.Run(ScanKind.Global, 150, 1, stop), ScanStudy.Run(ScanKind.CausalAdditive, 150, 1, stop));
        Assert.InRange(global.Before, 0.6, 1);
        Assert.InRange(causal.Before, 0, 0.3);
        Assert.InRange(causal.After, 0.5, 1);
        Assert.Equal(2 * MarkedGrid.Cells - 1, global.ByDistance.Count);
    }
}
