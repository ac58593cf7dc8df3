using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class MemoryStreamTests
{
    private static readonly int[] Three = [1, 2, 3];

    [Fact]
    public void A_stream_is_fixed_by_its_seed_and_has_keys_of_unit_length()
    {
        using var scope = NewDisposeScope();
        var (keys, values) = MemoryStream.Pairs(9, 5, Three);
        Assert.Equal([1, 3, 9, 5], values.shape);
        Assert.True((keys.norm(-1) - 1).abs().max().item<double>() < 1e-12);
        Assert.True(keys.narrow(1, 1, 1).eq(MemoryStream.Pairs(9, 5, [2]).Keys).all().item<bool>());
    }

    [Fact]
    public void Adding_up_errs_by_the_square_root_of_the_pairs_a_channel()
    {
        var error = MemoryStream.RecentError(300, 32, new(GradientAt.Zero, 0.5), Three).Average();
        Assert.InRange(error / Math.Sqrt(250.0 / 32), 0.85, 1.15);
    }

    [Fact]
    public void The_latest_pair_is_known_exactly_after_half_a_step_and_the_others_the_less_the_older()
    {
        var errors = MemoryStream.ErrorByAge(64, 32, new(GradientAt.Previous, 0.5), [.. Enumerable.Range(1, 10)]);
        Assert.True(errors[0] < 1e-12);
        Assert.True(errors[1..9].Average() < errors[20..28].Average() && errors[20..28].Average() < errors[50..58].Average());
    }

    [Fact]
    public void What_was_seen_surprises_less_and_an_empty_memory_by_the_whole_value()
    {
        using var scope = NewDisposeScope();
        var (keys, values) = MemoryStream.Pairs(8, 32, [1]);
        var surprise = MemoryStream.Surprise(cat([keys, keys], 2), cat([values, values], 2), new(GradientAt.Previous, 0.4));
        Assert.Equal(2 * values[0, 0, 0].norm().item<double>(), surprise[0], 1e-12);
        Assert.True(surprise[8..].Average() < 0.6 * surprise[..8].Average());
    }

    [Fact]
    public void A_memory_recalls_what_a_window_cannot_see()
    {
        Assert.InRange(AgedRecall.OfMemory(64, new(GradientAt.Previous, 0.5), Three).Average(), 0.7, 1);
        Assert.Equal(0, AgedRecall.OfWindow(64, 16, Three).Max());
        Assert.InRange(AgedRecall.OfWindow(64, 64, Three).Average(), 0.95, 1);
        Assert.InRange(AgedRecall.OfMemory(64, new(GradientAt.Previous, 0.5), Three, shuffled: true).Max(), 0, 0.05);
    }

    [Fact]
    public void A_matrix_learns_a_linear_map_and_nothing_of_an_even_one()
    {
        var stop = TestContext.Current.CancellationToken;
        double[] Errors(MapKind map) => OnlineMap.Errors(map, 4, 600, [0.3], deep: false, [1, 2], cancellation: stop)[0];
        Assert.InRange(Errors(MapKind.Linear).Max(), 0, 1e-3);
        Assert.InRange(Errors(MapKind.Even).Min(), 0.9, 3);
        Assert.InRange(OnlineMap.Errors(MapKind.Even, 4, 600, [0.2], deep: true, [1, 2], cancellation: stop)[0].Max(), 0, 0.5);
    }

    [Fact]
    public void Streams_that_are_too_short_are_refused()
    {
        var stop = TestContext.Current.CancellationToken;
        Assert.StartsWith("pairs: got 100", Assert.Throws<ArgumentException>(() => MemoryStream.RecentError(100, 8, new(GradientAt.Previous, 0.5), Three)).Message);
        Assert.StartsWith("pairs: got 100", Assert.Throws<ArgumentException>(() => OnlineMap.Errors(MapKind.Even, 4, 100, [0.1], true, Three, cancellation: stop)).Message);
    }
}
