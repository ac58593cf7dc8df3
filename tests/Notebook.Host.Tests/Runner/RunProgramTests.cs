using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Attn.Tests;

namespace Attn.Host.Tests.Runner;

/// <summary><c>attn run</c> as a user runs it.</summary>
public sealed partial class RunProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_notebook_is_run_and_leaves_a_page_and_an_executed_copy()
    {
        var (code, output, error) = Run("ok.ipynb", [], "# Title", "var x = 20;", "x + 1", "Console.WriteLine(\"printed\"); display(x * 2);");
        Assert.True(code == 0, output + error);
        Assert.Contains("cell 3 of 3", output);
        Assert.Equal(["", "", "21", "printed\n40"], NotebookFile.Outputs(_folder["out/ok.ipynb"]));
        Assert.Contains("<h1", File.ReadAllText(_folder["out/ok.html"]));
        Assert.Equal(2, Directory.GetFiles(_folder["out"]).Length);
    }

    [Fact]
    public void A_cell_that_throws_is_shown_with_its_line_and_ends_the_run()
    {
        var (code, output, _) = Run("throws.ipynb", [], "1", "var a = 1;\nthrow new InvalidOperationException(\"so it goes\");", "2");
        Assert.Equal(1, code);
        Assert.Contains("cell 2, line 2: InvalidOperationException: so it goes", output);
        Assert.DoesNotContain("Microsoft.CodeAnalysis", output);
        Assert.Equal("", NotebookFile.Outputs(_folder["out/throws.ipynb"])[2]);
    }

    [Fact]
    public void A_cell_that_does_not_compile_is_shown_with_a_caret()
    {
        var (code, output, _) = Run("typo.ipynb", [], "var a = 1;\na.Foo();");
        Assert.Equal(1, code);
        Assert.Contains("cell 1, line 2: CompilationError: CS1061", output);
        Assert.Contains("^^^", output);
    }

    [Fact]
    public void With_keep_going_the_later_cells_run()
    {
        var (code, _, _) = Run("keep.ipynb", ["--keep-going"], "throw new Exception(\"x\");", "6 * 7");
        Assert.Equal(1, code);
        Assert.Equal("42", NotebookFile.Outputs(_folder["out/keep.ipynb"])[1]);
    }

    [Fact]
    public void A_cell_past_its_time_is_interrupted()
    {
        var clock = Stopwatch.StartNew();
        var (code, output, _) = Run("loop.ipynb", ["--timeout", "3", "--keep-going"], "while (true) { }", "\"after\"");
        Assert.Equal(1, code);
        Assert.Contains("Timeout: the cell took longer than 3 s", output);
        Assert.Equal("after", NotebookFile.Outputs(_folder["out/loop.ipynb"])[1]);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_cell_that_prints_without_end_leaves_a_bounded_page()
    {
        var (code, _, _) = Run("loud.ipynb", [], "for (var i = 0; i < 1_000_000; i++) Console.WriteLine(new string('x', 99));", "\"after\"");
        Assert.Equal(0, code);
        Assert.InRange(new FileInfo(_folder["out/loud.html"]).Length, 1_000, 20_000_000);
        var outputs = NotebookFile.Outputs(_folder["out/loud.ipynb"]);
        Assert.Contains("more", outputs[0][^200..]);
        Assert.Equal("after", outputs[1]);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(0, 1)]
    public void A_cell_that_ends_the_program_ends_the_run_in_one_line(int asked, int exit)
    {
        var (code, output, error) = Run("exit.ipynb", [], "1", $"Environment.Exit({asked});", "2");
        Assert.Equal(exit, code);
        Assert.EndsWith($"✗ cell 2 ended the program with exit code {asked}; nothing was written of this notebook.\n", output, StringComparison.Ordinal);
        Assert.Empty(error);
        Assert.Empty(Directory.GetFiles(_folder["out"]));
    }

    [Fact]
    public void A_claim_that_does_not_hold_fails_the_run()
    {
        var (code, output, _) = Run("claim.ipynb", [], """Claim.Exact("C1", "Two is three").Check("difference", 1, Criterion.Below(0.5)).NoControl("none needed")""");
        Assert.Equal(1, code);
        Assert.Contains("✗ C1 does not hold here: Two is three", output);
    }

    [Fact]
    public void Parameters_reach_the_cells()
    {
        var (code, _, _) = Run("p.ipynb", ["--scale", "smoke", "--seed", "7", "-p", "name=a b"], "// parameters\nvar scale = \"laptop\"; var seed = 1; var name = \"\";", "$\"{scale} {seed + 1} {name}\"");
        Assert.Equal(0, code);
        Assert.Equal("smoke 8 a b", NotebookFile.Outputs(_folder["out/p.ipynb"])[2]);
    }

    [Theory]
    [InlineData("no such file", "nothing.ipynb")]
    [InlineData("no parameter 'typo'", "a.ipynb", "-p", "typo=1")]
    [InlineData("NAME=VALUE", "a.ipynb", "-p", "novalue")]
    [InlineData("smoke", "a.ipynb", "--scale", "huge")]
    [InlineData("positive", "a.ipynb", "--timeout", "-1")]
    [InlineData("--timeout: got 'x'", "a.ipynb", "--timeout", "x")]
    [InlineData("--frobnicate", "a.ipynb", "--frobnicate")]
    public void Bad_usage_is_one_message_and_exit_code_2(string said, string notebook, params string[] options)
    {
        NotebookFile.Write(_folder, "a.ipynb", "1");
        var (code, output, error) = AttnProgram.Run(["run", _folder[notebook], "--out", _folder["out"], .. options]);
        Assert.Equal(2, code);
        Assert.Contains(said, output + error);
        Assert.False(File.Exists(_folder["out/a.html"]));
    }

    [Fact]
    public void Ctrl_C_ends_the_run_and_leaves_no_half_written_file()
    {
        Assert.SkipWhen(IsIgnored(signal: 2), "not run: these tests were started with Ctrl-C ignored, as shells do in the background, and programs inherit that");
        using var process = AttnProgram.Start("run", NotebookFile.Write(_folder, "long.ipynb", "1", "Thread.Sleep(100_000);"), "--out", _folder["out"]);
        var output = "";
        while (!output.Contains("cell 1", StringComparison.Ordinal))
            output += process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"ended early: {output}{process.StandardError.ReadToEnd()}");
        Assert.Equal(0, kill(process.Id, 2));
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)), "it did not end");
        Assert.Equal(130, process.ExitCode);
        Assert.Empty(Directory.GetFiles(_folder["out"]));
    }

    private (int Code, string Out, string Error) Run(string name, string[] options, params string[] cells) =>
        AttnProgram.Run(["run", NotebookFile.Write(_folder, name, cells), "--out", _folder["out"], .. options]);

    private static bool IsIgnored(int signal) => File.Exists("/proc/self/status") && File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))
        .Any(line => (ulong.Parse(line[7..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (signal - 1) & 1) == 1);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
