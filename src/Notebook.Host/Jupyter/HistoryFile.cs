using System.Text;
using System.Text.Json;

namespace Attn.Host.Jupyter;

/// <summary>Keeps a user's history from one kernel to the next: a JSON line a cell, readable by nobody else, and not without end.</summary>
internal sealed class HistoryFile(string path)
{
    /// <summary>Cells that are kept.</summary>
    public const int Most = 5000;

    private const int MostSource = 100_000, MostOutput = 2_000, Tries = 100;

    /// <summary>The file of this user.</summary>
    public static HistoryFile OfUser()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } xdg ? xdg
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(home, ".local", "state");
        return new HistoryFile(Path.Combine(state, "attn", "history.jsonl"));
    }

    /// <summary>The last cells, the oldest first; empty when the file is not there or not ours to read.</summary>
    public IReadOnlyList<HistoryEntry> Read()
    {
        var entries = new List<HistoryEntry>();
        Locked(FileMode.Open, file => entries.AddRange(Entries(file)));
        return entries.Count <= Most ? entries : entries[^Most..];
    }

    /// <summary>Adds a cell. A history that cannot be written is no reason to fail a cell: it is left unwritten.</summary>
    public void Append(HistoryEntry entry) => Locked(FileMode.OpenOrCreate, file =>
    {
        file.Seek(0, SeekOrigin.End);
        Write(file, entry with { Source = Cut(entry.Source, MostSource), Output = entry.Output is { } output ? Cut(output, MostOutput) : null });
    });

    /// <summary>Drops the oldest cells of a file that has grown to twice what is kept.</summary>
    public void Trim() => Locked(FileMode.Open, file =>
    {
        var entries = Entries(file).ToArray();
        if (entries.Length < 2 * Most)
            return;
        file.SetLength(0);
        foreach (var entry in entries[^Most..])
            Write(file, entry);
    });

    private static IEnumerable<HistoryEntry> Entries(FileStream file)
    {
        file.Seek(0, SeekOrigin.Begin);
        using var reader = new StreamReader(file, leaveOpen: true);
        while (reader.ReadLine() is { } line)
            if (Parse(line) is { Source: not null } entry)
                yield return entry;
    }

    private static HistoryEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, KernelJson.Default.HistoryEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Write(FileStream file, HistoryEntry entry) => file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, KernelJson.Default.HistoryEntry) + "\n"));

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most] + "…";

    // Other kernels of this user write the same file.
    private void Locked(FileMode mode, Action<FileStream> action)
    {
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            try
            {
                using var file = Open(mode);
                action(file);
                return;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
            {
                return;
            }
            catch (IOException) when (File.Exists(path))
            {
                Thread.Sleep(Random.Shared.Next(1, 10));
            }
            catch (IOException)
            {
                return;
            }
        }
    }

    private FileStream Open(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        else if (mode != FileMode.Open)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        }

        return new FileStream(path, options);
    }
}
