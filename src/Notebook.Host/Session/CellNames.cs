namespace Attn.Host.Session;

/// <summary>The file names under which cells are compiled, and so appear in stack frames.</summary>
internal static class CellNames
{
    private const string Prefix = "Cell ";

    /// <summary>For code that no numbered cell holds.</summary>
    public const string Unnumbered = Prefix + "unnumbered";

    public static string Of(int number) => $"{Prefix}{number}";

    public static bool IsCell(string file) => file.StartsWith(Prefix, StringComparison.Ordinal);
}
