using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Attn.Kernels.Torch;

/// <summary>
/// Loads libtorch and TorchSharp's native binding by full path, before TorchSharp looks for them by name. It does so by itself
/// when TorchSharp is first used in a process that has loaded <c>Attn.Kernels</c>; see <see cref="EnsureLoaded"/> to do it at a chosen time.
/// </summary>
/// <remarks>
/// The order of the search: the folder in <c>ATTN_LIBTORCH</c>; the PyTorch of the <c>python3</c> on PATH when
/// <c>ATTN_LIBTORCH=python</c>; otherwise the packaged libtorch (beside the program, then in the NuGet cache).
/// On Linux x64 only: elsewhere TorchSharp's own loader is left to do its work.
/// </remarks>
public static class LibTorch
{
    private static readonly Lock Gate = new();
    private static LibTorchStatus? _status;
    private static bool _armed;

    /// <summary>What was found and loaded; null while nothing was tried yet.</summary>
    public static LibTorchStatus? Status => _status;

    /// <summary>Loads libtorch once; later calls return the first one's outcome.</summary>
    /// <exception cref="DllNotFoundException">No libtorch could be loaded; the message says what was tried and what to do.</exception>
    public static LibTorchStatus EnsureLoaded()
    {
        var status = TryLoad();
        return status.Failure is null ? status : throw new DllNotFoundException(status.Failure);
    }

    /// <summary>As <see cref="EnsureLoaded"/>, with a failure reported in the status instead of thrown.</summary>
    public static LibTorchStatus TryLoad()
    {
        lock (Gate)
            return _status ??= Supported ? Load(LibTorchSearch.OfThisProcess(), CacheFolder, CppRuntime.IsNewEnough(), Fetch) : LibTorchStatus.LeftToTorchSharp;
    }

    /// <summary>
    /// Brings a libtorch when none is found and none was chosen: gives its folder, or throws, in words for a person. Null where nobody can.
    /// </summary>
    internal static Func<string>? Fetch { get; set; }

    private static bool Supported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static string CacheFolder => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
            ? cache
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "attn");

    /// <exception cref="OperationCanceledException">The user interrupted a fetch; the next use tries again.</exception>
    internal static LibTorchStatus Load(LibTorchSearch search, string cache, bool newEnough, Func<string>? fetch = null)
    {
        var tried = search.LibTorch().ToList();
        if (fetch is not null && string.IsNullOrWhiteSpace(search.Choice) && !tried.Exists(candidate => candidate.CanServe))
            tried.Add(Fetched(fetch));
        if (tried.FirstOrDefault(candidate => candidate.CanServe) is not { } chosen)
            return LibTorchStatus.Failed(tried, Explain(tried, "no libtorch found"));
        if (search.Binding().Select(folder => Path.Combine(folder, CppRuntime.BindingName)).FirstOrDefault(File.Exists) is not { } binding)
            return LibTorchStatus.Failed(tried, Explain(tried, "libtorch found, but not TorchSharp's binding " + CppRuntime.BindingName));

        try
        {
            OpenMp.WaitPassively();
            _ = FreedMemory.TryKeep(Environment.GetEnvironmentVariables());
            var libraries = LibTorchCandidate.Libraries(chosen.Folder).ToDictionary(name => name, name => NativeLibrary.Load(Path.Combine(chosen.Folder, name)));
            _ = Nnpack.TryTurnOff(libraries[LibTorchCandidate.Core]);
            var loadable = CppRuntime.LoadableBinding(binding, cache, newEnough);
            var loaded = NativeLibrary.Load(loadable);
            _ = ScalarGuard.TryInstall(loaded);
            _ = MatmulGuard.TryInstall(loaded, libraries[LibTorchCandidate.Core]);
            return new LibTorchStatus(chosen, loadable, tried, null);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return LibTorchStatus.Failed(tried, Explain(tried, $"{chosen.Folder} does not load: {e.Message}"));
        }
    }

    private static LibTorchCandidate Fetched(Func<string> fetch)
    {
        const string Origin = "fetched";
        try
        {
            return LibTorchCandidate.Probe(Origin, fetch());
        }
        catch (Exception e) when (e is not (OperationCanceledException or ThreadInterruptedException))
        {
            return new(Origin, $"{LibTorchPackage.Id} {LibTorchPackage.Version}", e.Message);
        }
    }

    private static string Explain(IEnumerable<LibTorchCandidate> tried, string what)
    {
        var text = new StringBuilder($"Attn cannot load libtorch: {what}. Tried:");
        foreach (var (origin, folder, missing) in tried)
            text.Append($"\n  {folder} ({origin}): {(missing.Length == 0 ? "complete" : missing)}");
        return text.Append(
            $"\nWhat to do: reference the package {LibTorchPackage.Id} {LibTorchPackage.Version} (a build from source restores it), or set {LibTorchSearch.Variable} to the folder "
            + $"of a libtorch, or to 'python' to use the PyTorch of the python3 on PATH. 'attn doctor' shows what was found.").ToString();
    }

    /// <summary>
    /// Arranges that libtorch is loaded the moment TorchSharp is. Runs by itself at the first use of this library; a program that
    /// touches TorchSharp before anything of Attn calls it first.
    /// </summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Only code that runs before TorchSharp's static constructor can cure its loading.")]
    public static void LoadWithTorchSharp()
    {
        lock (Gate)
        {
            if (_armed)
                return;
            _armed = true;
        }

        AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Prepare(loaded.LoadedAssembly);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
            Prepare(assembly);
    }

    private static void Prepare(Assembly assembly)
    {
        if (assembly.GetName().Name == "TorchSharp" && TryLoad().Failure is { } failure)
            TorchSharpRefusal.Install(assembly, failure);
    }
}
