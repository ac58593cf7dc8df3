using Attn.Experiments;
using Microsoft.Data.Analysis;

namespace Attn.Notebook.Tests;

public class FrameTests
{
    private enum Kind
    {
        Plain,
        Gated,
    }

    private sealed record Result(string? Name, int Seed, double Loss, bool Holds, double? Margin, Kind Kind, IReadOnlyList<int> Curve);

    private static readonly Result[] Results =
    [
        new("a", 1, 0.5, true, null, Kind.Gated, [3, 2, 1]),
        new(null, 2, 0.25, false, -1.5, Kind.Plain, []),
    ];

    [Fact]
    public void A_record_makes_a_row_and_its_properties_make_the_columns()
    {
        var frame = Frame.Of(Results);
        Assert.Equal(["Name", "Seed", "Loss", "Holds", "Margin", "Kind", "Curve"], frame.Columns.Select(column => column.Name));
        Assert.Equal(
            [typeof(string), typeof(int), typeof(double), typeof(bool), typeof(double), typeof(string), typeof(string)],
            frame.Columns.Select(column => column.DataType));
        Assert.Equal(new object?[] { "a", 1, 0.5, true, null, "Gated", "3, 2, 1" }, frame.Rows[0]);
        Assert.Equal(new object?[] { null, 2, 0.25, false, -1.5, "Plain", "" }, frame.Rows[1]);
        Assert.Equal(0.375, frame["Loss"].Mean());
    }

    [Fact]
    public void What_a_study_gives_is_a_frame()
    {
        var runs = Runs.Over(Seeds.From(1, 3), seed => new { Seed = seed, Square = seed * seed }, TestContext.Current.CancellationToken);
        Assert.Equal([1, 4, 9], Values<int>(Frame.Of(runs), "Square"));

        double[] losses = [2.5, 1.25];
        var history = Frame.Of(losses);
        Assert.Equal([0, 1], Values<int>(history, "index"));
        Assert.Equal(losses, Values<double>(history, "value"));

        Assert.Equal([1.5], Values<double>(Frame.Of([new Sample([1, 2])]), "Mean"));
        Assert.Equal([0.5, 0.7], Values<double>(Frame.Of([(1, 0.5), (2, 0.7)]), "Item2"));
    }

    [Fact]
    public void Nothing_to_show_is_a_frame_without_rows()
    {
        var frame = Frame.Of(Array.Empty<Result>());
        Assert.Equal(7, frame.Columns.Count);
        Assert.Equal(0, frame.Rows.Count);
        Assert.Throws<ArgumentNullException>(() => Frame.Of<Result>(null!));
    }

    private static IEnumerable<T> Values<T>(DataFrame frame, string column) => frame[column].Cast<T>();
}
