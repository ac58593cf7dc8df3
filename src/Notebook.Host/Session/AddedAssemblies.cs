using System.Reflection;
using System.Runtime.Loader;

namespace Attn.Host.Session;

/// <summary>The files to which cells refer by <c>#r</c>, and their neighbours: the runtime, which knows the program's own alone, asks here for others.</summary>
internal static class AddedAssemblies
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, string> Files = new(StringComparer.OrdinalIgnoreCase);

    static AddedAssemblies() => AppDomain.CurrentDomain.AssemblyResolve += (_, asked) => Find(new AssemblyName(asked.Name).Name!) is { } file
        ? AssemblyLoadContext.Default.LoadFromAssemblyPath(file)
        : null;

    public static void Add(IEnumerable<string> files)
    {
        lock (Gate)
            foreach (var file in files)
                Files.TryAdd(Path.GetFileNameWithoutExtension(file), Path.GetFullPath(file));
    }

    private static string? Find(string name)
    {
        lock (Gate)
            return Files.GetValueOrDefault(name)
                ?? Files.Values.Select(file => Path.Combine(Path.GetDirectoryName(file)!, name + ".dll")).FirstOrDefault(File.Exists);
    }
}
