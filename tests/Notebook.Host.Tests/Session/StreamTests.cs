using System.Diagnostics;
using Attn.Host.Session;

namespace Attn.Host.Tests.Session;

public sealed class StreamTests : SessionTests
{
    [Fact]
    public async Task Both_streams_arrive_whole_from_every_thread()
    {
        await RunAsync("Console.Write(\"a\"); Console.Error.Write(\"e\"); await Task.Run(() => Console.Write(\"b\")); var t = new Thread(() => Console.Write(\"c\")); t.Start(); t.Join();");
        Assert.Equal("abc", Output.Out);
        Assert.Equal("e", Output.Error);
    }

    [Fact]
    public async Task Text_arrives_while_the_cell_runs()
    {
        await RunAsync("1");
        var clock = Stopwatch.StartNew();
        var first = TimeSpan.MaxValue;
        var output = new RecordedOutput();
        output.Streamed += _ => first = first == TimeSpan.MaxValue ? clock.Elapsed : first;
        await Session.RunAsync("Console.Write(\"now\"); Thread.Sleep(1500);", output, TestContext.Current.CancellationToken);
        Assert.True(clock.Elapsed - first > TimeSpan.FromSeconds(1), $"arrived {first} of {clock.Elapsed}");
    }

    [Fact]
    public async Task A_hundred_megabytes_are_cut_with_a_note_that_says_where_the_rest_is()
    {
        await RunAsync("var line = new string('x', 999); for (var i = 0; i < 100_000; i++) Console.WriteLine(line);");
        Assert.InRange(Output.Out.Length, CellStream.Limit, CellStream.Limit + 300);
        Assert.Contains("96,000,000 more characters are not shown", Output.Out[^300..], StringComparison.Ordinal);
        var look = Output.Out.Split("To look: ")[1].Trim();
        Assert.Equal("96000", await RunAsync(look.Replace(".Take(20)", ".Count(text => text.Length == 999)", StringComparison.Ordinal)));
        await RunAsync("Console.Write(1)");
        Assert.Equal("1", Output.Out);
        await Session.DisposeAsync();
        Assert.False(File.Exists(look.Split('"')[1]));
    }

    [Fact]
    public async Task Reading_the_console_does_not_wait_for_ever() => Assert.Equal("true", await RunAsync("Console.ReadLine() == null"));
}
