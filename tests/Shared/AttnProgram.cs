using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Attn.Tests;

/// <summary>The built program, run as users run it: a process of its own.</summary>
internal static class AttnProgram
{
    /// <summary>The repository that these tests were built from.</summary>
    public static string Repository { get; } = Path.GetFullPath(
        typeof(AttnProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Repository").Value!);

    public static string Location { get; } = Path.Combine(
        Repository, "src/Notebook.Host/bin",
        typeof(AttnProgram).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration, "net10.0", RuntimeInformation.RuntimeIdentifier, "attn");

    public static (int Code, string Out, string Error) Run(params string[] arguments) =>
        Processes.Run(new ProcessStartInfo(Location, arguments) { WorkingDirectory = Repository });

    public static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(Location, arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = Repository,
    })!;
}
