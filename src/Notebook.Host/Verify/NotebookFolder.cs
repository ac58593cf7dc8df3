using Attn.Host.Notebooks;

namespace Attn.Host.Verify;

/// <summary>The notebooks of a folder, by number or name.</summary>
internal static class NotebookFolder
{
    /// <exception cref="NotebookFormatException">No such folder, or no notebook of that name in it; the message lists those there are.</exception>
    public static IReadOnlyList<string> Select(DirectoryInfo folder, IReadOnlyList<string> wanted, SearchOption depth = SearchOption.TopDirectoryOnly)
    {
        if (!folder.Exists)
            throw new NotebookFormatException($"{folder}: no such folder; --notebooks names it.");
        var all = folder.GetFiles("*.ipynb", depth).Select(file => file.FullName).OrderBy(Name, StringComparer.Ordinal).ToArray();
        return wanted.Count == 0 ? all : [.. wanted.Select(name => Find(folder, all, name))];
    }

    private static string Find(DirectoryInfo folder, string[] all, string wanted) =>
        all.FirstOrDefault(path => Name(path) == wanted || Name(path).StartsWith(wanted.PadLeft(2, '0') + "-", StringComparison.Ordinal))
        ?? throw new NotebookFormatException($"{wanted}: no such notebook in {folder}; there are {string.Join(", ", all.Select(Name))}.");

    private static string Name(string path) => Path.GetFileNameWithoutExtension(path);
}
