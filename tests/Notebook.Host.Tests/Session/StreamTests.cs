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
    public async Task A_hundred_megabytes_are_cut_with_a_note()
    {
        await RunAsync("var line = new string('x', 999); for (var i = 0; i < 100_000; i++) Console.WriteLine(line);");
        Assert.InRange(Output.Out.Length, CellStream.Limit, CellStream.Limit + 200);
        Assert.Contains("more characters were not kept", Output.Out[^200..], StringComparison.Ordinal);
        await RunAsync("Console.Write(1)");
        Assert.Equal("1", Output.Out);
    }

    [Fact]
    public async Task Reading_the_console_does_not_wait_for_ever() => Assert.Equal("true", await RunAsync("Console.ReadLine() == null"));
}
