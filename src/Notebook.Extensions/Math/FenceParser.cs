namespace Attn.Notebook.Typesetting;

/// <summary>Brackets that grow with what they hold (<c>\left … \right</c>) and brackets of a given size (<c>\big</c>).</summary>
internal static class FenceParser
{
    public static MathNode? Parse(TexParser parser, string command)
    {
        if (command == "left")
            return Grown(parser);
        if (command is "right" or "middle")
            return Delimiter(parser, OperatorRole.Ordinary, 0); // One whose \left is missing, or a bar within.
        return Delimiters.Sized(command) is { } sized ? Delimiter(parser, sized.Role, sized.Em) : null;
    }

    private static RowNode Grown(TexParser parser)
    {
        var left = Delimiter(parser, OperatorRole.Opening, 0);
        var inner = parser.Nested(() => parser.Row(token => token.IsCommand("right") || token.Kind is TexKind.Close or TexKind.Align or TexKind.NewLine));
        if (!parser.Tokens.Peek().IsCommand("right"))
            return Row(left, inner);
        parser.Tokens.Next();
        return Row(left, inner, Delimiter(parser, OperatorRole.Closing, 0));
    }

    /// <summary>A point in a bracket's place leaves nothing.</summary>
    private static RowNode Row(params IEnumerable<MathNode> parts) => new([.. parts.Where(part => part != RowNode.Empty)]);

    private static MathNode Delimiter(TexParser parser, OperatorRole role, double em)
    {
        if (Delimiters.Text(parser.Tokens.Peek()) is not { } text)
            return RowNode.Empty;
        parser.Tokens.Next();
        return text.Length == 0 ? RowNode.Empty : new OperatorNode(text, role, em);
    }
}
