namespace Attn.Notebook.Typesetting;

/// <summary>What a command means: asked of the tables first, then of the parsers of commands with arguments.</summary>
internal static class CommandParser
{
    public static MathNode? Parse(TexParser parser, string name)
    {
        if (name.Length == 0)
            return null; // A backslash at the very end.
        if (Letters.Find(name) is { } letter)
            return letter with { Text = Alphabets.Map(letter.Text, parser.Alphabet), Upright = letter.Upright || parser.Alphabet != Alphabet.Italic };
        if (Operators.Find(name) is { } op)
            return op;
        if (Delimiters.Find(name) is { } delimiter)
            return delimiter;
        if (Functions.Find(name) is { } function)
            return function;
        if (Spaces.Find(name) is { } em)
            return new SpaceNode(em);
        if (Alphabets.Find(name) is not { } alphabet)
            return WithArguments(parser, name);
        if (!Alphabets.IsSwitch(name))
            return parser.ArgumentIn(alphabet);
        parser.Alphabet = alphabet;
        return null;
    }

    private static MathNode? WithArguments(TexParser parser, string name) =>
        FractionParser.Parse(parser, name)
        ?? FenceParser.Parse(parser, name)
        ?? AccentParser.Parse(parser, name)
        ?? TextParser.Parse(parser, name)
        ?? Rest(parser, name);

    private static MathNode? Rest(TexParser parser, string name)
    {
        switch (name)
        {
            case "begin":
                return TableParser.Parse(parser);
            case "substack":
                return new TableNode(parser.Sub(parser.Tokens.RawGroup()) is TableNode table ? table.Rows : [], "c", false, "");
            case "end" or "label" or "vspace":
                parser.Tokens.RawGroup();
                return null;
            case "hspace":
                return Width(parser.Tokens.RawGroup());
            case "nonumber" or "notag" or "limits" or "nolimits" or "mathstrut" or "strut" or "hfill" or "hline" or "relax" or "left." or "noindent":
                return null;
            case "displaystyle" or "textstyle" or "scriptstyle":
                var style = name switch { "displaystyle" => "displaystyle=\"true\"", "textstyle" => "displaystyle=\"false\"", _ => "scriptlevel=\"1\"" };
                return new WrapNode("mstyle", style, parser.Nested(() => parser.Row(token =>
                    token.Kind is TexKind.Close or TexKind.Align or TexKind.NewLine || token.IsCommand("right") || token.IsCommand("end"))));
            case "mathrel" or "mathbin":
                var space = new SpaceNode(name == "mathrel" ? 5 / 18.0 : 4 / 18.0);
                return new RowNode([space, parser.Argument(), space]);
            case "mathop" or "mathord" or "mathopen" or "mathclose" or "mathpunct" or "mathinner" or "ensuremath":
                return parser.Argument();
            case "phantom" or "hphantom" or "vphantom":
                return new WrapNode("mphantom", name == "vphantom" ? "style=\"width:0;overflow:hidden\"" : "", parser.Argument());
            case "boxed" or "fbox":
                return new WrapNode("mrow", "style=\"border:1px solid;padding:0.25em\"", parser.Argument());
            case "not":
                return Negation.Of(parser.Argument());
            case "bmod" or "mod":
                return new OperatorNode("mod", OperatorRole.Binary);
            case "pmod":
                return new RowNode([new SpaceNode(0.5), new OperatorNode("(", OperatorRole.Opening), new FunctionNode("mod", false), new SpaceNode(0.3), parser.Argument(), new OperatorNode(")", OperatorRole.Closing)]);
            default:
                return parser.Report(name);
        }
    }

    /// <summary>A width in em or mu; another unit counts as a word space.</summary>
    private static SpaceNode Width(string text)
    {
        var number = new string([.. text.TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or '-')]);
        var scale = text.EndsWith("mu", StringComparison.Ordinal) ? 1 / 18.0 : 1;
        return new SpaceNode(double.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out var em) ? Math.Clamp(em * scale, -10, 10) : 0.25);
    }
}
