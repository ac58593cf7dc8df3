using System.Collections.Frozen;

namespace Attn.Notebook.Typesetting;

/// <summary>Reads tables written as names and symbols by turns.</summary>
internal static class SymbolTable
{
    public static FrozenDictionary<string, string> Parse(string text) => text
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Chunk(2)
        .ToFrozenDictionary(pair => pair[0], pair => pair[1]);

    public static FrozenSet<string> Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
}
