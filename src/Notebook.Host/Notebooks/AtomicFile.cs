namespace Attn.Host.Notebooks;

/// <summary>Files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/>, then renames: whoever is interrupted leaves the old file, or none.</summary>
    public static void Write(string path, string text)
    {
        var partial = $"{path}.{Environment.ProcessId}.part";
        try
        {
            File.WriteAllText(partial, text);
            File.Move(partial, path, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }
}
