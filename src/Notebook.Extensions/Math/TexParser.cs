namespace Attn.Notebook.Typesetting;

/// <summary>
/// Parses the LaTeX of mathematics. Forgiving: whatever is malformed is shown as well as can be, nothing throws, and the work is
/// linear in the text. Expressions nested deeper than <see cref="MaxDepth"/> are cut off there.
/// </summary>
internal sealed class TexParser(string tex)
{
    private const int MaxDepth = 60;

    private int _depth;

    public TexTokenizer Tokens { get; } = new(tex);

    public Alphabet Alphabet { get; set; }

    /// <summary>The commands that nobody knew, in order of appearance.</summary>
    public List<string> Unknown { get; private init; } = [];

    /// <summary>The whole expression; top-level alignment marks make it a table, as if it stood in <c>aligned</c>.</summary>
    public MathNode Parse()
    {
        var table = TableParser.Cells(this, token => token.Kind == TexKind.End, stray: true);
        return table is [[var only]] ? only : TableParser.Aligned(table);
    }

    /// <summary>A row up to a token for which <paramref name="ends"/> holds (left for the caller) or the end.</summary>
    public RowNode Row(Func<TexToken, bool> ends)
    {
        var items = new List<MathNode>();
        for (var token = Tokens.Peek(); token.Kind != TexKind.End && !ends(token); token = Tokens.Peek())
        {
            if (token.Kind == TexKind.Command && FractionParser.Infix(token.Text) is { } join)
            {
                Tokens.Next();
                return new RowNode([join(new RowNode(Spacing.Spaced(items)), Nested(() => Row(ends)))]);
            }

            if (Item() is { } item)
                items.Add(item);
        }

        return new RowNode(Spacing.Spaced(items));
    }

    /// <summary>The argument of a command: a group, or one token.</summary>
    public MathNode Argument()
    {
        var token = Tokens.Peek();
        if (token.Kind is TexKind.End or TexKind.Close or TexKind.Align or TexKind.NewLine)
            return RowNode.Empty;
        if (token.Kind == TexKind.Character && char.IsAsciiDigit(token.Text[0]))
        {
            Tokens.Next(); // One digit alone: \frac12 is a half.
            return new NumberNode(Alphabets.Map(token.Text, Alphabet));
        }

        return Nested(() => Atom() ?? RowNode.Empty);
    }

    /// <summary>The argument of a command, with its letters in an alphabet.</summary>
    public MathNode ArgumentIn(Alphabet alphabet)
    {
        var before = Alphabet;
        Alphabet = alphabet;
        var argument = Argument();
        Alphabet = before;
        return argument;
    }

    /// <summary>Parses one level deeper; past the deepest the rest of the text is dropped.</summary>
    public MathNode Nested(Func<MathNode> parse)
    {
        if (_depth == MaxDepth)
        {
            while (Tokens.Next().Kind != TexKind.End)
            {
            }

            return new UnknownNode("…");
        }

        _depth++;
        var node = parse();
        _depth--;
        return node;
    }

    /// <summary>Parses text that stands within the expression but was read raw.</summary>
    public MathNode Sub(string text) => Nested(() => new TexParser(text) { _depth = _depth, Unknown = Unknown }.Parse());

    /// <summary>Notes a command that nobody knows, and shows it.</summary>
    public MathNode Report(string command)
    {
        Unknown.Add(command);
        return new UnknownNode(command);
    }

    private MathNode? Item()
    {
        var atom = Atom();
        return ScriptParser.Attach(this, atom);
    }

    /// <summary>One atom without its scripts; null for what leaves no mark.</summary>
    private MathNode? Atom()
    {
        var token = Tokens.Peek();
        switch (token.Kind)
        {
            case TexKind.Open:
                Tokens.Next();
                return Group();
            case TexKind.Superscript or TexKind.Subscript or TexKind.Prime:
                return RowNode.Empty; // Scripts of nothing: {}^a.
            case TexKind.Character:
                Tokens.Next();
                return CharacterParser.Parse(this, token.Text);
            case TexKind.Command:
                Tokens.Next();
                return CommandParser.Parse(this, token.Text);
            default:
                Tokens.Next(); // A brace or mark without its partner.
                return null;
        }
    }

    private MathNode Group()
    {
        var alphabet = Alphabet;
        var row = Nested(() => Row(token => token.Kind == TexKind.Close));
        Alphabet = alphabet;
        if (Tokens.Peek().Kind == TexKind.Close)
            Tokens.Next();
        return row;
    }
}
