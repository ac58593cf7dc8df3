namespace Attn.Host.Tests.Session;

public sealed class ErrorTests : SessionTests
{
    [Fact]
    public async Task A_compilation_error_shows_line_source_and_caret()
    {
        var error = await FailAsync("var a = 1;\nvar b = a + nope;");
        Assert.Equal("CompilationError", error.Name);
        Assert.Equal(2, error.Line);
        Assert.Contains("nope", error.Message, StringComparison.Ordinal);
        Assert.Contains("    var b = a + nope;", error.Traceback);
        Assert.Contains("                ^^^^", error.Traceback);
    }

    [Fact]
    public async Task Of_libtorchs_errors_the_native_frames_are_left_out()
    {
        var error = await FailAsync("ones(2) + ones(3)");
        Assert.Contains("must match", error.Message);
        Assert.DoesNotContain("frame #", error.Message);
        Assert.DoesNotContain("Exception raised from", string.Join('\n', error.Traceback));
    }

    [Fact]
    public async Task At_most_five_errors_are_listed()
    {
        var error = await FailAsync(string.Join('\n', Enumerable.Range(0, 8).Select(i => $"nope{i}.Do();")));
        Assert.Equal("… and 3 more errors", error.Traceback[^1]);
    }

    [Fact]
    public async Task An_exception_shows_the_cells_line_and_the_users_frames_only()
    {
        await RunAsync("int Fail(int x)\n{\n    return x / (x - x);\n}");
        var error = await FailAsync("var before = 3;\n\nFail(1);");
        Assert.Equal("DivideByZeroException", error.Name);
        Assert.Equal(3, error.Line);
        Assert.Equal(["line 3:", "    Fail(1);", "   at Fail in Cell 1, line 3", "   at cell in Cell 2, line 3"], error.Traceback);
        Assert.Equal("3", await RunAsync("before"));
    }

    [Fact]
    public async Task Wrappers_are_unwrapped_and_causes_named()
    {
        var error = await FailAsync("Task.Run(() => { throw new InvalidOperationException(\"outer\", new IOException(\"inner\")); }).Wait();");
        Assert.Equal(("InvalidOperationException", "outer"), (error.Name, error.Message));
        Assert.Contains("caused by IOException: inner", error.Traceback);
    }

    [Fact]
    public async Task An_awaiting_cell_fails_with_its_line()
    {
        var error = await FailAsync("await Task.Delay(1);\nthrow new ArgumentException(\"bad\");");
        Assert.Equal(("ArgumentException", "bad", 2), (error.Name, error.Message, error.Line));
    }

    [Fact]
    public async Task An_exception_nobody_awaits_leaves_the_process_alive()
    {
        await RunAsync("_ = Task.Run(() => throw new Exception(\"lost\")); GC.Collect(); GC.WaitForPendingFinalizers();");
        await RunAsync("var t = new Thread(() => throw new Exception(\"stray\")); t.Start(); t.Join();");
        Assert.Contains("stray", Output.Error, StringComparison.Ordinal);
        Assert.Equal("1", await RunAsync("1"));
    }
}
