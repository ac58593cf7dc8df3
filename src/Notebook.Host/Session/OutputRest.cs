namespace Attn.Host.Session;

/// <summary>
/// Keeps what cells wrote beyond what is shown, in files that are there as long as the session, readable by this user alone.
/// </summary>
internal sealed class OutputRest : IDisposable
{
    /// <summary>Characters that are kept of one stream of one cell: a loop that prints must not fill the disk either.</summary>
    public const long Most = 256 << 20;

    private string? _folder;
    private int _files;

    /// <summary>Opens the file for a cell's stream.</summary>
    /// <returns>Null when none can be written.</returns>
    public StreamWriter? Open(OutputStream stream)
    {
        try
        {
            _folder ??= Directory.CreateTempSubdirectory("attn-output-").FullName;
            var name = $"{Interlocked.Increment(ref _files)}-{(stream == OutputStream.Out ? "stdout" : "stderr")}.txt";
            return new StreamWriter(Path.Combine(_folder, name)) { AutoFlush = false };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            if (_folder is not null)
                Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A user's cell may hold a file open; the system clears its folder for temporary files.
        }
    }
}
