namespace Attn.Notebook.Typesetting;

/// <summary>Marks over and under, and stacks of symbols.</summary>
internal static class AccentParser
{
    public static MathNode? Parse(TexParser parser, string command)
    {
        if (Accents.Find(command) is var (mark, under, stretchy))
            return new AccentNode(parser.Argument(), mark, under, stretchy);
        if (Accents.Border(command) is { } border)
            return new WrapNode("mrow", $"style=\"{border}\"", parser.Argument()) { Limits = command.EndsWith("brace", StringComparison.Ordinal) };
        return command switch
        {
            "overset" or "stackrel" => Stack(parser, over: true),
            "underset" => Stack(parser, over: false),
            "xrightarrow" => Arrow(parser, "→"),
            "xleftarrow" => Arrow(parser, "←"),
            _ => null,
        };
    }

    private static ScriptsNode Stack(TexParser parser, bool over)
    {
        var mark = parser.Argument();
        var inner = parser.Argument();
        return over ? new(inner, null, mark, Limits: true) : new(inner, mark, null, Limits: true);
    }

    private static ScriptsNode Arrow(TexParser parser, string arrow)
    {
        var below = parser.Tokens.RawOptional() is { Length: > 0 } text ? parser.Sub(text) : null;
        return new(new OperatorNode(arrow, OperatorRole.Relation, Size: 0), below, parser.Argument(), Limits: true);
    }
}
