using System.Collections.Frozen;

namespace Attn.Notebook.Typesetting;

/// <summary>Marks over and under a base, by name.</summary>
internal static class Accents
{
    private static readonly FrozenDictionary<string, string> Over = SymbolTable.Parse(
        "hat ^ tilde ~ bar ¯ vec → dot ˙ ddot ¨ dddot ⃛ check ˇ breve ˘ acute ´ grave ` mathring ˚");

    private static readonly FrozenDictionary<string, string> Wide = SymbolTable.Parse(
        "widehat ^ widetilde ~ overrightarrow → overleftarrow ← overleftrightarrow ↔");

    private static readonly FrozenDictionary<string, string> Under = SymbolTable.Parse(
        "underrightarrow → underleftarrow ←");

    /// <summary>The mark, whether it stands under, and whether it grows with its base; null for another name.</summary>
    public static (string Mark, bool Under, bool Stretchy)? Find(string name)
    {
        if (Over.TryGetValue(name, out var mark))
            return (mark, false, false);
        if (Wide.TryGetValue(name, out mark))
            return (mark, false, true);
        return Under.TryGetValue(name, out mark) ? (mark, true, true) : null;
    }

    /// <summary>The CSS of lines and braces, which are borders: few systems have a font whose brace grows. Null for another name.</summary>
    public static string? Border(string name) => name switch
    {
        "overline" => "border-top:0.06em solid;padding-top:0.1em",
        "underline" => "border-bottom:0.06em solid;padding-bottom:0.1em",
        "overbrace" => "border-top:0.06em solid;border-radius:0.5em 0.5em 0 0;padding:0.2em 0.2em 0",
        "underbrace" => "border-bottom:0.06em solid;border-radius:0 0 0.5em 0.5em;padding:0 0.2em 0.2em",
        _ => null,
    };
}
