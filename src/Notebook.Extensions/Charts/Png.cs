using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Attn.Notebook.Charting;

/// <summary>Writes small RGB images (PNG, ISO/IEC 15948).</summary>
internal static class Png
{
    private static readonly uint[] CrcTable = [.. Enumerable.Range(0, 256).Select(n => Enumerable.Range(0, 8)
        .Aggregate((uint)n, (crc, _) => (crc & 1) != 0 ? 0xedb88320 ^ (crc >> 1) : crc >> 1))];

    /// <param name="rgb">Three bytes a pixel, row by row from the top.</param>
    /// <param name="width">Pixels in a row.</param>
    public static byte[] Encode(byte[] rgb, int width)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), rgb.Length / 3 / width);
        (header[8], header[9]) = (8, 2); // eight bits a channel, RGB
        Chunk(file, "IHDR", header);
        Chunk(file, "IDAT", Compress(rgb, width * 3));
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    public static string DataUri(byte[] rgb, int width) => $"data:image/png;base64,{Convert.ToBase64String(Encode(rgb, width))}";

    private static byte[] Compress(byte[] rgb, int stride)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
            for (var at = 0; at < rgb.Length; at += stride)
            {
                zlib.WriteByte(0); // no filter
                zlib.Write(rgb, at, stride);
            }

        return packed.ToArray();
    }

    private static void Chunk(MemoryStream file, string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(body);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~body.Aggregate(0xffffffff, (crc, b) => CrcTable[(crc ^ b) & 0xff] ^ (crc >> 8)));
        file.Write(number);
    }
}
