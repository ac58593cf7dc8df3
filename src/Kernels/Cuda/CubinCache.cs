using System.Security.Cryptography;
using System.Text;

namespace Attn.Kernels.Cuda;

/// <summary>
/// Compiled kernels on disk, one file each, named by all that they were compiled from. Files are written aside and renamed, so that
/// processes that compile the same kernel at once do no harm; a file whose checksum is wrong is compiled anew.
/// </summary>
/// <param name="folder">Where the files lie; made when needed.</param>
internal sealed class CubinCache(string folder)
{
    private const int Checksum = SHA256.HashSizeInBytes;

    /// <summary><c>$ATTN_CACHE/cubin</c>, or <c>attn/cubin</c> in the user's cache folder.</summary>
    public static CubinCache Default { get; } = new(Path.Combine(Root(), "cubin"));

    /// <summary>The cached image, or what <paramref name="compile"/> gives, which is cached then. A folder that cannot be written is done without.</summary>
    /// <param name="parts">All that the image depends on.</param>
    /// <param name="compile">Compiles it.</param>
    public byte[] GetOrAdd(IReadOnlyList<string> parts, Func<byte[]> compile)
    {
        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))));
        var file = Path.Combine(folder, name + ".cubin");
        if (Read(file) is { } cached)
            return cached;
        var image = compile();
        Write(file, image);
        return image;
    }

    private static byte[]? Read(string file)
    {
        try
        {
            var bytes = File.ReadAllBytes(file);
            var image = bytes.AsSpan(Math.Min(Checksum, bytes.Length));
            return image.Length > 0 && bytes.AsSpan(0, Checksum).SequenceEqual(SHA256.HashData(image)) ? image.ToArray() : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void Write(string file, byte[] image)
    {
        var aside = $"{file}.{Guid.NewGuid():n}";
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(aside, [.. SHA256.HashData(image), .. image]);
            File.Move(aside, file, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(aside))
                File.Delete(aside);
        }
    }

    private static string Root() => Environment.GetEnvironmentVariable("ATTN_CACHE") is { Length: > 0 } given
        ? given
        : Path.Combine(
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            "attn");
}
