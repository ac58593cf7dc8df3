using System.Text.Json;
using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>A kernel that Jupyter finds on this machine.</summary>
/// <param name="Name">The name that notebooks ask for.</param>
/// <param name="DisplayName">The name in menus.</param>
/// <param name="Folder">Where it is described.</param>
/// <param name="Program">What it starts.</param>
/// <param name="IsOurs">Whether <c>attn install</c> put it there.</param>
internal sealed record InstalledKernel(string Name, string DisplayName, string Folder, string Program, bool IsOurs);

/// <summary>Looks where Jupyter looks.</summary>
internal static class InstalledKernels
{
    /// <summary>The kernels, in the order in which Jupyter takes them; of one name, the first counts.</summary>
    public static IEnumerable<InstalledKernel> All() => DataFolders()
        .Select(data => Path.Combine(data, "kernels")).Where(Directory.Exists)
        .SelectMany(kernels => Directory.GetDirectories(kernels).Order(StringComparer.Ordinal))
        .Select(Read).OfType<InstalledKernel>().DistinctBy(kernel => kernel.Name);

    private static IEnumerable<string> DataFolders()
    {
        var path = (Environment.GetEnvironmentVariable("JUPYTER_PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return [.. path, KernelSpec.UserData(), .. OperatingSystem.IsWindows() ? [] : (string[])["/usr/local/share/jupyter", "/usr/share/jupyter"]];
    }

    private static InstalledKernel? Read(string folder)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json"))) is JsonObject spec
                ? new InstalledKernel(Path.GetFileName(folder), spec.Text("display_name"), folder, (spec["argv"] as JsonArray)?.FirstOrDefault()?.ToString() ?? "", KernelSpec.IsOurs(spec))
                : null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
