using System.Text.Json.Nodes;
using Attn.Host.Tests.Jupyter;
using Attn.Tests;
using NuGet.Configuration;

namespace Attn.Host.Tests.Interactive;

/// <summary>The real .NET Interactive, fetched as a tool into a folder beside these tests.</summary>
internal static class DotNetInteractive
{
    public const string KernelName = "dotnet-interactive";

    private const string Package = "Microsoft.dotnet-interactive", Version = "1.0.712001";

    /// <summary>The program; null where it cannot be had.</summary>
    public static string? Location { get; } = Find();

    private static string? Find()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, $"dotnet-interactive-{Version}");
        var program = Path.Combine(folder, "dotnet-interactive");
        if (!File.Exists(program))
            Processes.Run(new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["tool", "install", Package, "--version", Version, "--tool-path", folder]));
        return File.Exists(program) ? program : null;
    }

    /// <summary>Has a script talk to it as a Jupyter kernel, with the packages of this user but none of ours among them: NuGet keeps what it once installed.</summary>
    public static JsonNode Run(DebianJupyter jupyter, string script, params string[] arguments)
    {
        var spec = new JsonObject
        {
            ["argv"] = new JsonArray(Location!, "jupyter", "--default-kernel", "csharp", "{connection_file}"),
            ["display_name"] = ".NET (C#)",
            ["language"] = "C#",
        };
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(jupyter.Folder[$"data/kernels/{KernelName}"]).FullName, "kernel.json"), spec.ToJsonString());
        var start = jupyter.Start(DebianJupyter.Python, [script, KernelName, .. arguments]);
        start.Environment["NUGET_PACKAGES"] = Linked(jupyter.Folder["packages"]);
        start.Environment["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_INTERACTIVE_SKIP_FIRST_TIME_EXPERIENCE"] = "1";
        // Otherwise a heap for each core, of a server's size.
        start.Environment["DOTNET_gcServer"] = "0";
        var (code, output, error) = Processes.Run(start);
        Assert.True(code == 0, output + error);
        return JsonNode.Parse(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
    }

    private static string Linked(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var package in Directory.GetDirectories(SettingsUtility.GetGlobalPackagesFolder(Settings.LoadDefaultSettings(null))))
            if (!Path.GetFileName(package).StartsWith("attn", StringComparison.Ordinal))
                Directory.CreateSymbolicLink(Path.Combine(folder, Path.GetFileName(package)), package);
        return folder;
    }
}
