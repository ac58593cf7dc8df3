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
    public async Task What_a_cell_does_stays_also_when_it_declares_nothing()
    {
        await RunAsync("var n = 1; var list = new List<int>();");
        await RunAsync("n = 5; list.Add(7);");
        Assert.Equal("12", await RunAsync("n + list[0]"));
        await FailAsync("n = 6; throw new Exception();");
        Assert.Equal("6", await RunAsync("n"));
        await RunAsync("int.TryParse(\"8\", out var parsed);");
        await RunAsync("(int a, var b) = (1, 2); if (list is { Count: var count }) { }");
        Assert.Equal("11", await RunAsync("parsed + a + b"));
    }

    [Fact]
    public async Task Five_hundred_small_cells_leave_almost_nothing()
    {
        const int Cells = 500;
        await RunAsync("var n = 0;");
        for (var i = 0; i < 50; i++)
            await RunAsync("n++");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Cells; i++)
            await RunAsync("n++");
        // Sixty kilobytes a cell when each stays in the chain of those before it.
        Assert.InRange((GC.GetTotalMemory(forceFullCollection: true) - before) / Cells, int.MinValue, 15_000);
        Assert.Equal("550", await RunAsync("n"));
    }

    [Fact]
    public async Task The_code_of_small_cells_is_unloaded()
    {
        await RunAsync("var n = 0;");
        var before = Loaded();
        for (var i = 0; i < 30; i++)
            await RunAsync("n++; Enumerable.Range(0, 3).Select(k => k + n).Sum()");
        // The last few may still be on their way out.
        for (var i = 0; i < 100 && Loaded() > before + 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.InRange(Loaded() - before, int.MinValue, 3);

        static int Loaded() => AppDomain.CurrentDomain.GetAssemblies().Count(assembly => assembly.GetName().Name!.StartsWith("attn-cell-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_small_cell_leaves_in_a_variable_works_after_the_cell()
    {
        await RunAsync("Func<string> f = null!; object o = null!; IEnumerable<int> lazy = null!;");
        // An assembly that nothing has touched before the lambda runs.
        await RunAsync("f = () => new System.Text.RegularExpressions.Regex(\"b+\").Replace(\"abbc\", \"-\") + System.Xml.Linq.XElement.Parse(\"<a/>\").Name;");
        await RunAsync("o = new { A = 7 }; lazy = Enumerable.Range(0, 4).Where(k => k % 2 == 1);");
        for (var i = 0; i < 20; i++)
        {
            await RunAsync("1 + 1");
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.Equal("a-ca", await RunAsync("f()"));
        Assert.Equal("{ A = 7 }", await RunAsync("o.ToString()"));
        Assert.Equal("4", await RunAsync("lazy.Sum()"));
    }

    [Fact]
    public async Task A_cell_that_throws_leaves_what_it_had_declared()
    {
        await FailAsync("var first = 3; throw new InvalidOperationException(); var second = 4;");
        Assert.Equal("3", await RunAsync("first + second"));
        await FailAsync("int Third() => 5; var x = 1 / (first - 3);");
        Assert.Equal("8", await RunAsync("Third() + first"));
    }

    [Fact]
    public async Task A_cell_may_hold_nothing_but_usings()
    {
        await RunAsync("using System.Xml.Linq;");
        await RunAsync("using static System.Math; // and a remark");
        Assert.Equal("3", await RunAsync("// nothing\nXElement.Parse(\"<a><b/><c/></a>\").Elements().Count() + Max(0, 1)"));
        await RunAsync("// nothing at all");
    }

    [Fact]
    public async Task A_cell_may_load_a_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "int Loaded(int x) => x + 40;", TestContext.Current.CancellationToken);
        await RunAsync($"#load \"{file}\"");
        Assert.Equal("42", await RunAsync("Loaded(2)"));
        File.Delete(file);
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
        Assert.Null(await RunAsync("display(3)"));
        Assert.Equal("3", Output.Displays.Single().Bundle.Data["text/plain"]);
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
