using System.Collections.Frozen;

namespace Attn.Notebook.Typesetting;

/// <summary>Brackets by name, as they may follow <c>\left</c>, <c>\right</c> and <c>\big</c>.</summary>
internal static class Delimiters
{
    private static readonly FrozenDictionary<string, string> Opening = SymbolTable.Parse(
        "{ { lbrace { lbrack [ langle ⟨ lvert | lVert ‖ lfloor ⌊ lceil ⌈ lgroup ⟮ ulcorner ⌜ llbracket ⟦");

    private static readonly FrozenDictionary<string, string> Closing = SymbolTable.Parse(
        "} } rbrace } rbrack ] rangle ⟩ rvert | rVert ‖ rfloor ⌋ rceil ⌉ rgroup ⟯ urcorner ⌝ rrbracket ⟧");

    private static readonly FrozenDictionary<string, string> Either = SymbolTable.Parse("| ‖ vert | Vert ‖ mid | uparrow ↑ downarrow ↓ backslash \\");

    private static readonly FrozenDictionary<string, double> Heights = new Dictionary<string, double>
    {
        ["big"] = 1.2,
        ["Big"] = 1.8,
        ["bigg"] = 2.4,
        ["Bigg"] = 3,
    }.ToFrozenDictionary();

    /// <summary>The bracket of that name, of its own size; null when the name is no bracket's.</summary>
    public static OperatorNode? Find(string name)
    {
        if (Opening.TryGetValue(name, out var text))
            return new(text, OperatorRole.Opening);
        if (Closing.TryGetValue(name, out text))
            return new(text, OperatorRole.Closing);
        return name is "|" or "Vert" or "vert" ? new(Either[name], OperatorRole.Ordinary) : null;
    }

    /// <summary>The character that a token means after <c>\left</c> and its like; empty for the point that stands for none; null for no delimiter.</summary>
    public static string? Text(TexToken token) => token.Kind switch
    {
        TexKind.Character when token.Text == "." => "",
        TexKind.Character when token.Text == "<" => "⟨",
        TexKind.Character when token.Text == ">" => "⟩",
        TexKind.Character when "()[]|/".Contains(token.Text, StringComparison.Ordinal) => token.Text,
        TexKind.Command => Opening.GetValueOrDefault(token.Text) ?? Closing.GetValueOrDefault(token.Text) ?? Either.GetValueOrDefault(token.Text),
        _ => null,
    };

    /// <summary>The height and role that <c>\big</c>, <c>\Bigl</c> and their like ask for; null for another name.</summary>
    public static (double Em, OperatorRole Role)? Sized(string command)
    {
        var role = command[^1] switch { 'l' => OperatorRole.Opening, 'r' => OperatorRole.Closing, 'm' => OperatorRole.Relation, _ => OperatorRole.Ordinary };
        var name = role == OperatorRole.Ordinary ? command : command[..^1];
        return Heights.TryGetValue(name, out var em) ? (em, role) : null;
    }
}
