using System.Buffers.Binary;
using System.Text;

namespace Attn.Kernels.Torch;

/// <summary>
/// Reads and edits the symbol versions that a 64-bit little-endian ELF library asks of its dependencies
/// (section <c>.gnu.version_r</c>; System V gABI, "Symbol Versioning").
/// </summary>
internal static class ElfVersionNeed
{
    private const ushort Weak = 0x2; // VER_FLG_WEAK: the loader warns about a missing version and goes on.
    private const uint VersionNeedSection = 0x6ffffffe; // SHT_GNU_verneed

    /// <summary>Sets the weak flag on every requirement named <paramref name="version"/>; returns how many it found.</summary>
    /// <exception cref="InvalidDataException">The bytes are no ELF64 little-endian file, or are cut short.</exception>
    public static int MakeWeak(byte[] elf, string version)
    {
        try
        {
            return Edit(elf, version);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("the ELF file is cut short or its tables point outside it", e);
        }
    }

    private static int Edit(byte[] elf, string version)
    {
        if (elf.Length < 64 || elf is not [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, ..])
            throw new InvalidDataException("not a 64-bit little-endian ELF file");

        var sections = checked((int)UInt64(elf, 0x28));
        int size = UInt16(elf, 0x3a), count = UInt16(elf, 0x3c), found = 0;
        for (var i = 0; i < count; i++)
        {
            var header = sections + i * size;
            if (UInt32(elf, header + 4) != VersionNeedSection)
                continue;
            var strings = Offset(elf, sections + (int)UInt32(elf, header + 40) * size);
            found += EditSection(elf, Offset(elf, header), (int)UInt32(elf, header + 44), strings, version);
        }

        return found;
    }

    private static int EditSection(byte[] elf, int need, int needs, int strings, string version)
    {
        var found = 0;
        for (var n = 0; n < needs; n++)
        {
            var aux = need + (int)UInt32(elf, need + 8);
            for (var a = 0; a < UInt16(elf, need + 2); a++)
            {
                if (Text(elf, strings + (int)UInt32(elf, aux + 8)) == version)
                {
                    var flags = elf.AsSpan(aux + 4, 2);
                    BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | Weak));
                    found++;
                }

                aux += Next(elf, aux + 12);
            }

            need += Next(elf, need + 12);
        }

        return found;
    }

    // A record that names itself as its successor ends the list: a damaged file must not hang us.
    private static int Next(byte[] elf, int at) => (int)UInt32(elf, at) is > 0 and var step ? step : elf.Length;

    private static int Offset(byte[] elf, int header) => checked((int)UInt64(elf, header + 24));

    private static string Text(byte[] elf, int at)
    {
        var rest = elf.AsSpan(at, Math.Min(256, elf.Length - at));
        var end = rest.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? rest : rest[..end]);
    }

    private static ushort UInt16(byte[] elf, int at) => BinaryPrimitives.ReadUInt16LittleEndian(elf.AsSpan(at, 2));

    private static uint UInt32(byte[] elf, int at) => BinaryPrimitives.ReadUInt32LittleEndian(elf.AsSpan(at, 4));

    private static ulong UInt64(byte[] elf, int at) => BinaryPrimitives.ReadUInt64LittleEndian(elf.AsSpan(at, 8));
}
