using System.Diagnostics;

namespace Attn.Kernels.Tests.Torch;

/// <summary>In a process of its own: what was once loaded stays loaded.</summary>
public class TorchSharpRefusalTests
{
    [Fact]
    public void Without_libtorch_the_first_use_says_what_was_tried()
    {
        var output = RunThisProgram("/nonexistent/libtorch");
        Assert.Contains("Attn cannot load libtorch", output);
        Assert.Contains("/nonexistent/libtorch (ATTN_LIBTORCH): no such folder", output);
        Assert.DoesNotContain("Trace from LoadNativeBackend", output);
        Assert.False(Directory.Exists(Path.Combine(AppContext.BaseDirectory, "cpu")), "natives were copied beside the program");
    }

    [Fact]
    public void A_folder_named_by_the_variable_serves_a_whole_process()
    {
        using var folder = TorchFiles.Without();
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0", RunThisProgram(folder.Location));
    }

    private static string RunThisProgram(string libtorch)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Kernels.Tests"))
        {
            ArgumentList = { "-method", $"{typeof(LibTorchTests).FullName}.{nameof(LibTorchTests.Torch_computes_on_this_machine)}" },
            RedirectStandardOutput = true,
            Environment = { ["ATTN_LIBTORCH"] = libtorch },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }
}
