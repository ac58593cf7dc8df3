using System.Diagnostics;

namespace Attn.Kernels.Torch;

/// <summary>Where libtorch and TorchSharp's native binding can be: named folders, this program's, the NuGet cache, a PyTorch.</summary>
internal sealed class LibTorchSearch
{
    /// <summary>The environment variable that names a libtorch folder, or the word <c>python</c>.</summary>
    public const string Variable = "ATTN_LIBTORCH";

    /// <summary>The origin of the places that are tried when nothing is chosen.</summary>
    public const string Packaged = "packaged";

    public required string? Choice { get; init; }

    /// <summary>Folders where the runtime looks for natives of this program.</summary>
    public required IReadOnlyList<string> ProgramFolders { get; init; }

    public required string PackageCache { get; init; }

    public Func<string?> PythonTorch { get; init; } = FindPythonTorch;

    public static LibTorchSearch OfThisProcess() => new()
    {
        Choice = Environment.GetEnvironmentVariable(Variable),
        ProgramFolders = NativeFolders(),
        PackageCache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
    };

    /// <summary>The folders to try, best first. A choice made by the variable is the only one tried.</summary>
    public IEnumerable<LibTorchCandidate> LibTorch()
    {
        if (Choice is "python")
            yield return PythonTorch() is { } lib
                ? LibTorchCandidate.Probe($"{Variable}=python", lib)
                : new($"{Variable}=python", "python3", "python3 is not on PATH or has no module torch");
        else if (!string.IsNullOrWhiteSpace(Choice))
            yield return LibTorchCandidate.Probe(Variable, Path.GetFullPath(Choice));
        else
            // Another version of libtorch is another binary interface: one that the user's other programs brought would crash here.
            foreach (var folder in ProgramFolders.Append(LibTorchPackage.Natives(Path.Combine(PackageCache, LibTorchPackage.Id, LibTorchPackage.Version))))
                yield return LibTorchCandidate.Probe(Packaged, folder);
    }

    /// <summary>The folders that may hold <c>libLibTorchSharp.so</c>, best first.</summary>
    public IEnumerable<string> Binding()
    {
        foreach (var folder in ProgramFolders)
            yield return folder;

        var versions = Path.Combine(PackageCache, "torchsharp");
        if (!Directory.Exists(versions))
            yield break;
        foreach (var version in Directory.GetDirectories(versions).OrderDescending(StringComparer.Ordinal))
            yield return LibTorchPackage.Natives(version);
    }

    private static List<string> NativeFolders()
    {
        var known = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        string[] ours = [AppContext.BaseDirectory, Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native")];
        return [.. ours.Concat(known).Select(Path.TrimEndingDirectorySeparator).Distinct()];
    }

    private static string? FindPythonTorch()
    {
        // find_spec does not import torch: that would take seconds and a gigabyte.
        const string Script = "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')";
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", ["-c", Script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var folder = python.StandardOutput.ReadToEnd().Trim();
            python.WaitForExit();
            return python.ExitCode == 0 && folder.Length > 0 ? Path.Combine(folder, "lib") : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
