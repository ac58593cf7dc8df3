using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Attn.Host.Packages;

/// <summary>Lets P/Invokes and <see cref="NativeLibrary"/> find the native libraries of packages by their names.</summary>
internal static class NativeLibraries
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, string> Paths = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private static readonly HashSet<AssemblyLoadContext> Watched = [];

    public static void Add(IEnumerable<string> libraries)
    {
        lock (Gate)
        {
            if (Watched.Count == 0)
                AppDomain.CurrentDomain.AssemblyLoad += (_, _) => Watch();
            foreach (var path in libraries)
                Paths.TryAdd(Path.GetFileName(path), path);
        }

        Watch();
    }

    // The compiler opens a context a folder, and more as cells need them.
    private static void Watch()
    {
        lock (Gate)
            foreach (var context in AssemblyLoadContext.All)
                if (Watched.Add(context))
                    context.ResolvingUnmanagedDll += (_, name) => Load(name);
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
