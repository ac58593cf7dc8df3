using System.Diagnostics;

namespace Attn.Host.Tests.Session;

public sealed class InterruptTests : SessionTests
{
    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("Thread.Sleep(60_000);")]
    [InlineData("await Task.Delay(60_000);")]
    [InlineData("Task.Delay(60_000).Wait();")]
    [InlineData("new ManualResetEventSlim().Wait();")]
    [InlineData("try { while (true) { } } finally { Console.Write(\"cleaned\"); }")]
    [InlineData("while (true) { try { Thread.Sleep(10); } catch (Exception) { } }")]
    [InlineData("while (!NotebookHost.Current.Cancellation.IsCancellationRequested) { }\nNotebookHost.Current.Cancellation.ThrowIfCancellationRequested();")]
    public async Task A_cell_stops_soon_and_the_session_goes_on(string code)
    {
        await RunAsync("var kept = 42;");
        using var interrupt = new CancellationTokenSource();
        var cell = TryAsync("Console.Write(\"on\");" + code, interrupt.Token);
        while (Output.Out.Length == 0 && !cell.IsCompleted)
            await Task.Delay(5, TestContext.Current.CancellationToken);
        var clock = Stopwatch.StartNew();
        await interrupt.CancelAsync();
        var result = await cell.WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.Equal("Interrupted", result.Error?.Name);
        // 250 ms is what it takes on an idle machine; a busy one gets some more.
        Assert.InRange(clock.ElapsedMilliseconds, 0, 1000);
        Assert.Equal("42", await RunAsync("kept"));
        Assert.Equal("1", await RunAsync("Thread.Sleep(30); await Task.Delay(1); 1"));
    }

    [Fact]
    public async Task An_interrupt_before_the_start_is_one_too()
    {
        Assert.Equal("Interrupted", (await TryAsync("1", new CancellationToken(canceled: true))).Error?.Name);
        Assert.Equal("1", await RunAsync("1"));
    }
}
