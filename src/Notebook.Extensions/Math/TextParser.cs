namespace Attn.Notebook.Typesetting;

/// <summary>Words within mathematics: <c>\text</c> with its own <c>$…$</c>, and names of operators.</summary>
internal static class TextParser
{
    public static MathNode? Parse(TexParser parser, string command) => command switch
    {
        "text" or "textrm" or "textnormal" or "mbox" or "hbox" or "textup" or "textsc" => Text(parser, null),
        "textbf" => Text(parser, "font-weight:bold"),
        "textit" or "emph" => Text(parser, "font-style:italic"),
        "texttt" => Text(parser, "font-family:monospace"),
        "textsf" => Text(parser, "font-family:sans-serif"),
        "operatorname" => Operator(parser),
        "tag" => new RowNode([new SpaceNode(2), new TextNode($"({Plain(parser.Tokens.RawGroup())})")]),
        _ => null,
    };

    private static MathNode Text(TexParser parser, string? style)
    {
        var parts = parser.Tokens.RawGroup().Split('$');
        if (parts.Length == 1)
            return new TextNode(Plain(parts[0]), style);
        return new RowNode([.. parts.Select((part, i) => i % 2 == 0 ? (MathNode)new TextNode(Plain(part), style) : parser.Sub(part))]);
    }

    private static FunctionNode Operator(TexParser parser)
    {
        var limits = parser.Tokens.TakeStar();
        return new FunctionNode(Plain(parser.Tokens.RawGroup().Replace("\\,", " ").Replace("\\ ", " ").Replace("\\!", "")), limits);
    }

    /// <summary>Text with its escapes undone and inner braces dropped.</summary>
    private static string Plain(string text)
    {
        var plain = new System.Text.StringBuilder();
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\\' && i + 1 < text.Length && !char.IsAsciiLetter(text[i + 1]))
                plain.Append(text[++i]);
            else if (text[i] == '~')
                plain.Append('\u00a0');
            else if (text[i] is not ('{' or '}'))
                plain.Append(text[i]);
        return plain.ToString();
    }
}
