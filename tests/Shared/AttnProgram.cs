using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Attn.Tests;

/// <summary>The built program, run as users run it: a process of its own.</summary>
internal static class AttnProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>The repository that these tests were built from.</summary>
    public static string Repository { get; } = Path.GetFullPath(
        typeof(AttnProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Repository").Value!);

    public static string Location { get; } = Path.Combine(
        Repository, "src/Notebook.Host/bin",
        typeof(AttnProgram).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration, "net10.0", RuntimeInformation.RuntimeIdentifier, "attn");

    public static (int Code, string Out, string Error) Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"attn {string.Join(' ', arguments)} did not end within {Patience.TotalMinutes} min");
        }

        return (process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Location, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = Repository,
    })!;
}
