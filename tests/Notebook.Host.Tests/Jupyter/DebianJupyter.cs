using System.Diagnostics;
using Attn.Tests;

namespace Attn.Host.Tests.Jupyter;

/// <summary>The machine's own Jupyter, with this program installed as a kernel in a folder that is gone when the test is.</summary>
internal sealed class DebianJupyter : IDisposable
{
    public const string Python = "/usr/bin/python3", Jupyter = "/usr/bin/jupyter";

    private readonly TemporaryFolder _prefix = new();

    public DebianJupyter()
        : this(AttnProgram.Location, () => { })
    {
    }

    /// <param name="attn">The program that is the kernel.</param>
    /// <param name="make">Has it be there.</param>
    public DebianJupyter(string attn, Action make)
    {
        make();
        Attn = attn;
        var (code, output, error) = Run(attn, "install", "--prefix", _prefix.Location);
        Assert.True(code == 0, output + error);
    }

    /// <summary>The program that is the kernel.</summary>
    public string Attn { get; }

    /// <summary>A folder for what a test writes.</summary>
    public TemporaryFolder Folder { get; } = new();

    /// <summary>Skips the test when one of these modules of Debian's Python is not there.</summary>
    public static void Need(params string[] modules) => Assert.SkipUnless(Has(modules), $"not run: Debian's Python has not all of {string.Join(", ", modules)}");

    public static bool Has(params string[] modules)
    {
        if (!File.Exists(Python))
            return false;
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", $"import {string.Join(", ", modules)}"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>The path of a script that lies beside these tests.</summary>
    public static string Script(string name) => Path.Combine(AttnProgram.Repository, "tests/Notebook.Host.Tests/Jupyter", name);

    /// <summary>What a front end started from here needs to find the kernel and leave the user's own files alone.</summary>
    public ProcessStartInfo Start(string program, params string[] arguments) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = Folder.Location,
        Environment =
        {
            ["JUPYTER_PATH"] = Path.Combine(_prefix.Location, "share", "jupyter"),
            ["JUPYTER_RUNTIME_DIR"] = Folder["runtime"],
            ["JUPYTER_CONFIG_DIR"] = Folder["config"],
            ["JUPYTER_DATA_DIR"] = Folder["data"],
            ["IPYTHONDIR"] = Folder["ipython"],
            ["XDG_STATE_HOME"] = Folder["state"],
        },
    };

    public (int Code, string Out, string Error) Run(string program, params string[] arguments) => Processes.Run(Start(program, arguments));

    public void Dispose()
    {
        Folder.Dispose();
        _prefix.Dispose();
    }
}
