using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Attn.Host.Packages;

/// <summary>Lets P/Invokes and <see cref="NativeLibrary"/> find the native libraries of packages by their names.</summary>
internal static class NativeLibraries
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, string> Paths = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    static NativeLibraries() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) => Load(name);

    public static void Add(IEnumerable<string> libraries)
    {
        lock (Gate)
            foreach (var path in libraries)
                Paths.TryAdd(Path.GetFileName(path), path);
    }

    private static nint Load(string name)
    {
        string? path;
        lock (Gate)
            path = Names(name).Select(Paths.GetValueOrDefault).FirstOrDefault(found => found is not null);
        return path is not null && NativeLibrary.TryLoad(path, out var handle) ? handle : 0;
    }

    private static IEnumerable<string> Names(string name) =>
        [name, $"lib{name}.so", $"{name}.so", $"{name}.dll", $"lib{name}.dylib", $"{name}.dylib", $"lib{name}"];
}
