using Attn.Theory.IoComplexity;

namespace Theory.Tests.IoComplexity;

public sealed class FuseMaxModelTests
{
    private static readonly FuseMaxModel Model = new();

    private static IEnumerable<(AttentionWorkload Workload, int Length)> Cells =>
        from workload in AttentionWorkload.All from length in AttentionWorkload.Lengths select (workload, length);

    [Fact]
    public void The_closed_form_is_every_figure_of_the_artifact()
    {
        Assert.All(Cells, cell => Assert.Equal(
            FuseMaxArtifact.Latency(AcceleratorDesign.Binding, cell.Workload, cell.Length) / new FlatModel().Latency(cell.Workload, cell.Length),
            Model.Latency(cell.Workload, cell.Length) / new FlatModel().Latency(cell.Workload, cell.Length), 5e-6));
        Assert.Equal(0.0020131, Model.Latency(AttentionWorkload.Bert, 1024), 1e-6);
        Assert.Equal(0.0133861, new FlatModel().Latency(AttentionWorkload.Bert, 1024), 1e-6);
    }

    [Fact]
    public void Cycles_of_a_tile_are_worked_out_by_hand()
    {
        // Phases of max(65, 65 + 16), 1, max(8, 8), max(64, 64) cycles; 137 of them on the square array.
        var tiles = 64.0 * 12 * 16;
        Assert.Equal(tiles * 154 / 940e6, Model.Latency(AttentionWorkload.Bert, 1024), 1e-15);
        Assert.Equal(137.0 / 154, Model.Utilisation2D(AttentionWorkload.Bert, 1024), 1e-12);
        Assert.Equal((0.125, 0.25), (new FlatModel().Utilisation2D(AttentionWorkload.T5), new FlatModel().Utilisation2D(AttentionWorkload.Xlm)));
    }

    [Fact]
    public void The_square_array_is_never_busy_for_longer_than_there_is_time()
    {
        var random = new Random(8);
        for (var i = 0; i < 1000; i++)
        {
            var workload = new AttentionWorkload("", 1 + random.Next(9), 1 + random.Next(9), 1 + random.Next(300), 1 + random.Next(300));
            var model = new FuseMaxModel { Side = 1 << random.Next(10) };
            var length = model.Side * (1 + random.Next(100));
            Assert.InRange(model.Utilisation2D(workload, length), 0, 1);
            // Four times the elements of the square, half the tiles' count each way.
            Assert.True((model with { Side = 2 * model.Side }).Latency(workload, 2 * length) <= model.Latency(workload, 2 * length));
        }
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        void Throws(string message, Action act) => Assert.StartsWith(message, Assert.Throws<ArgumentException>(act).Message, StringComparison.Ordinal);
        Throws("Heads: got 0", () => new AttentionWorkload("", 1, 0, 1, 1));
        Throws("Side: got 0", () => new FuseMaxModel { Side = 0 });
        Throws("length: got 0", () => Model.Latency(AttentionWorkload.Bert, 0));
        Throws("length: got 1000", () => FuseMaxArtifact.Latency(AcceleratorDesign.Flat, AttentionWorkload.Bert, 1000));
        Throws("workload: got", () => FuseMaxArtifact.Latency(AcceleratorDesign.Flat, new AttentionWorkload("", 1, 1, 1, 1), 1024));
    }
}
