namespace Attn.Notebook.Tests.Displays;

public class ProgressTests
{
    [Fact]
    public void A_display_is_updated_where_it_stands()
    {
        var host = new RecordingHost();
        using (host.Attached())
        {
            var shown = Display.Show("one");
            shown.Update("two");
            Assert.Equal([(shown.Id, false), (shown.Id, true)], host.Shown.Select(one => (one.Id, one.IsUpdate)));
        }

        Assert.Equal(["one", "two"], host.Texts);
    }

    [Fact]
    public void Progress_shows_bar_count_time_and_text_at_most_ten_times_a_second()
    {
        var (host, clock) = (new RecordingHost(), new ManualClock());
        using (host.Attached())
        {
            using var progress = Progress.Start("training", 1000, clock);
            for (var i = 1; i <= 500; i++)
            {
                clock.Advance(TimeSpan.FromMilliseconds(10));
                progress.Report(i, $"loss {i}");
            }
        }

        var texts = host.Texts.ToList();
        Assert.Equal(52, texts.Count); // the start, ten a second for five seconds, the end
        Assert.Equal("training ░░░░░░░░░░░░░░░░░░░░░░░░ 0/1,000 · 0.0 s", texts[0]);
        Assert.Equal("training ████████████░░░░░░░░░░░░ 500/1,000 · 5.0 s, 5.0 s left · loss 500", texts[^2]);
        Assert.Equal("training ████████████░░░░░░░░░░░░ ended at 500/1,000 · 5.0 s · loss 500", texts[^1]);
        Assert.Single(host.Shown.Select(shown => shown.Id).Distinct());
    }

    [Fact]
    public void Progress_nests_and_ends_once()
    {
        var host = new RecordingHost();
        using (host.Attached())
        {
            using var outer = Progress.Start("seeds", 3);
            using (var inner = Progress.Start("steps"))
            {
                inner.Report(7);
                inner.Dispose();
                inner.Report(8);
            }

            using var next = Progress.Start("steps");
        }

        Assert.Equal(["seeds", "  steps", "  steps"], host.Shown.Where(shown => !shown.IsUpdate).Select(shown => ((string)shown.Bundle.Data["text/plain"]).TrimEnd()[..^1].Split(" ░")[0].Split(" 0 ")[0]));
        Assert.Equal(3, host.Shown.Count(shown => shown.IsUpdate));
    }

    [Fact]
    public void Progress_stops_an_interrupted_cell()
    {
        var host = new RecordingHost();
        using (host.Attached())
        {
            using var progress = Progress.Start("training", 10);
            host.Interrupt.Cancel();
            Assert.Throws<OperationCanceledException>(() => progress.Report(1));
        }
    }

    [Fact]
    public void Progress_escapes_its_words_and_is_silent_without_a_host()
    {
        var host = new RecordingHost();
        using (host.Attached())
            Progress.Start("<b>", 0).Dispose();
        Assert.All(host.Shown, shown => Assert.DoesNotContain("<b>", (string)shown.Bundle.Data["text/html"]));
        using var silent = Progress.Start("x", 5);
        silent.Report(99);
        Assert.Throws<ArgumentOutOfRangeException>(() => Progress.Start("x", -1));
    }

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.9, "9.9 s")]
    [InlineData(59, "59 s")]
    [InlineData(185, "3:05")]
    [InlineData(3723, "1:02:03")]
    public void Times_read_as_people_say_them(double seconds, string text) => Assert.Equal(text, ProgressView.Time(TimeSpan.FromSeconds(seconds)));

    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan by) => _ticks += by.Ticks;
    }
}
