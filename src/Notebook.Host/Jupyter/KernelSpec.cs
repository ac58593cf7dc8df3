using System.Text.Json;
using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>The folder by which Jupyter knows the kernel.</summary>
internal static class KernelSpec
{
    /// <summary>The name that notebooks made for .NET Interactive ask for.</summary>
    public const string Name = ".net-csharp";

    /// <summary>The name to take where the first is taken by another kernel.</summary>
    public const string SecondName = "attn-csharp";

    private const string Mark = "attn";
    private static readonly string[] Logos = ["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, IndentSize = 1 };

    /// <summary>Writes the folder below <paramref name="data"/>/kernels; returns its path.</summary>
    /// <param name="data">A data folder of Jupyter's.</param>
    /// <param name="program">The command line that starts this program.</param>
    public static string Install(string data, IReadOnlyList<string> program)
    {
        var name = IsFree(data, Name) ? Name : SecondName;
        var folder = Path.Combine(data, "kernels", name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "kernel.json"), Json(program, name == Name ? "C#" : "C# (attn)"));
        foreach (var logo in Logos)
        {
            using var from = typeof(KernelSpec).Assembly.GetManifestResourceStream($"{typeof(KernelSpec).Namespace}.{logo}")!;
            using var to = File.Create(Path.Combine(folder, logo));
            from.CopyTo(to);
        }

        return folder;
    }

    /// <summary>Removes what <see cref="Install"/> wrote; returns the folders removed.</summary>
    public static IReadOnlyList<string> Uninstall(string data)
    {
        var ours = ((string[])[Name, SecondName]).Where(name => IsOurs(data, name)).Select(name => Path.Combine(data, "kernels", name)).ToArray();
        foreach (var folder in ours)
            Directory.Delete(folder, recursive: true);
        return ours;
    }

    /// <summary>The data folder of the user, as Jupyter has it.</summary>
    public static string UserData()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } data)
            return data;
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsMacOS()
            ? Path.Combine(home, "Library", "Jupyter")
            : Path.Combine(Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(home, ".local", "share"), "jupyter");
    }

    /// <summary>The command line that starts this program: its own executable, or dotnet with its assembly.</summary>
    public static IReadOnlyList<string> ThisProgram()
    {
        var process = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, typeof(KernelSpec).Assembly.Location] : [ToolCommand(process) ?? process];
    }

    // An installed tool lies in a folder of its version, which the next update takes away; the command beside that store stays.
    private static string? ToolCommand(string process)
    {
        var store = process.IndexOf($"{Path.DirectorySeparatorChar}.store{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        return store > 0 && Path.Combine(process[..store], Path.GetFileName(process)) is var command && File.Exists(command) ? command : null;
    }

    /// <summary>Whether a kernel.json is one that <see cref="Install"/> wrote.</summary>
    public static bool IsOurs(JsonObject spec) => spec["metadata"] is JsonObject metadata && metadata.ContainsKey(Mark);

    private static bool IsFree(string data, string name) => !Directory.Exists(Path.Combine(data, "kernels", name)) || IsOurs(data, name);

    private static bool IsOurs(string data, string name)
    {
        var file = Path.Combine(data, "kernels", name, "kernel.json");
        try
        {
            return File.Exists(file) && JsonNode.Parse(File.ReadAllText(file)) is JsonObject spec && IsOurs(spec);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Json(IReadOnlyList<string> program, string displayName) => new JsonObject
    {
        ["argv"] = new JsonArray([.. program.Select(word => (JsonNode)word), "kernel", "{connection_file}"]),
        ["display_name"] = displayName,
        ["language"] = "C#",
        ["interrupt_mode"] = "message",
        ["metadata"] = new JsonObject { [Mark] = typeof(KernelSpec).Assembly.GetName().Version!.ToString(3), ["debugger"] = false },
    }.ToJsonString(Indented) + "\n";
}
