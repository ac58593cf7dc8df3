namespace Attn.Host.Tests.Session;

public sealed class StateTests : SessionTests
{
    [Fact]
    public async Task The_last_expression_without_semicolon_is_shown()
    {
        Assert.Equal("3", await RunAsync("1 + 2"));
        Assert.Null(await RunAsync("1.ToString();"));
        Assert.Null(await RunAsync("var x = 5;"));
        Assert.Null(await RunAsync("Console.Write(\"\")"));
        Assert.Equal("6", await RunAsync("// a comment\nx + 1\n// and another"));
    }

    [Fact]
    public async Task An_expression_that_is_null_is_shown()
    {
        await RunAsync("(string?)null");
        Assert.Single(Output.Results);
    }

    [Fact]
    public async Task Names_of_earlier_cells_serve_later_ones()
    {
        await RunAsync("using System.Globalization; var n = 4; int Twice(int v) => 2 * v; record Point(int X);");
        Assert.Equal("8", await RunAsync("Twice(n)"));
        Assert.Equal("7", await RunAsync("new Point(7).X"));
        await RunAsync("CultureInfo.InvariantCulture.Name");
        Assert.Equal("two", await RunAsync("var n = \"two\"; n"));
        Assert.Equal("TWO", await RunAsync("n.ToUpperInvariant()"));
    }

    [Fact]
    public async Task A_cell_may_await_and_comes_back_to_its_thread()
    {
        await RunAsync("var before = Environment.CurrentManagedThreadId; await Task.Delay(5); var after = Environment.CurrentManagedThreadId;");
        Assert.Equal("true", await RunAsync("before == after"));
        Assert.Equal("true", await RunAsync("before == Environment.CurrentManagedThreadId"));
        Assert.Equal("9", await RunAsync("await Task.FromResult(9)"));
    }

    [Fact]
    public async Task Display_shows_and_updates()
    {
        await RunAsync("var d = display(1); d.Update(2);");
        Assert.Equal(["1", "2"], Output.Displays.Select(shown => shown.Bundle.Data["text/plain"]));
        Assert.Equal([false, true], Output.Displays.Select(shown => shown.Update));
        Assert.Equal(Output.Displays[0].Id, Output.Displays[1].Id);
    }

    [Fact]
    public async Task Variables_are_read_and_set_from_outside()
    {
        await RunAsync("var a = 1;");
        await Session.SetVariableAsync("b", new List<int[]> { new[] { 4 } }, typeof(List<int[]>));
        await Session.SetVariableAsync("a", "now a text", typeof(string));
        Assert.Equal("4", await RunAsync("b[0][0]"));
        Assert.Equal("10", await RunAsync("a.Length"));
        Assert.True(Session.TryGetVariable("a", out var value));
        Assert.Equal("now a text", value);
        Assert.False(Session.TryGetVariable("missing", out _));
        Assert.Equal(["a", "b"], Session.VariableNames.Order());
        await Assert.ThrowsAsync<ArgumentException>(() => Session.SetVariableAsync("a; b", 1, typeof(int)));
    }

    [Fact]
    public async Task Csharp_magics_are_ignored_and_unknown_ones_named()
    {
        Assert.Equal("2", await RunAsync("#!csharp\n1 + 1"));
        var error = await FailAsync("var x = 1;\n#!nonsense now");
        Assert.Contains("#!nonsense", error.Message, StringComparison.Ordinal);
        Assert.Contains("#!attn", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Line);
        Assert.Equal("1", await RunAsync("x"));
    }
}
