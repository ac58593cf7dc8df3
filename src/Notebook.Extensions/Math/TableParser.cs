namespace Attn.Notebook.Typesetting;

/// <summary>Matrices, cases and aligned lines.</summary>
internal static class TableParser
{
    private const string Plain = "";

    public static MathNode Parse(TexParser parser)
    {
        var name = parser.Tokens.RawGroup().Trim();
        var kind = name.TrimEnd('*');
        var columns = kind is "array" or "alignat" or "alignedat" ? parser.Tokens.RawGroup() : null;
        if (kind is "aligned" or "gathered" or "split")
            parser.Tokens.RawOptional();
        var rows = parser.Nested(() => new TableNode(Cells(parser, token => token.IsCommand("end"), stray: false), "", false, Plain)) is TableNode table ? table.Rows : [];
        if (parser.Tokens.Peek().IsCommand("end"))
        {
            parser.Tokens.Next();
            parser.Tokens.RawGroup();
        }

        return kind switch
        {
            "matrix" or "smallmatrix" => Matrix(rows),
            "pmatrix" => Fenced("(", Matrix(rows), ")"),
            "bmatrix" => Fenced("[", Matrix(rows), "]"),
            "Bmatrix" => Fenced("{", Matrix(rows), "}"),
            "vmatrix" => Fenced("|", Matrix(rows), "|"),
            "Vmatrix" => Fenced("‖", Matrix(rows), "‖"),
            "cases" or "dcases" => Fenced("{", new TableNode(rows, "l", kind == "dcases", "padding:0.15em 0.5em 0.15em 0"), ""),
            "rcases" => Fenced("", new TableNode(rows, "l", false, "padding:0.15em 0.5em 0.15em 0"), "}"),
            "array" => new TableNode(rows, Letters(columns!), false, "padding:0.15em 0.4em"),
            "aligned" or "align" or "split" or "eqnarray" or "alignat" or "alignedat" or "flalign" => Aligned(rows),
            "gathered" or "gather" or "multline" => new TableNode(rows, "c", true, "padding:0.25em 0"),
            "equation" or "displaymath" or "math" => rows is [[var only]] ? only : Aligned(rows),
            "subarray" => new TableNode(rows, "c", false, Plain),
            _ => new RowNode([parser.Report($"begin{{{name}}}"), Matrix(rows)]),
        };
    }

    /// <summary>Cells up to the token for which <paramref name="ends"/> holds; a stray closing brace is skipped when <paramref name="stray"/>.</summary>
    public static List<IReadOnlyList<MathNode>> Cells(TexParser parser, Func<TexToken, bool> ends, bool stray)
    {
        var rows = new List<IReadOnlyList<MathNode>>();
        var cells = new List<MathNode>();
        while (true)
        {
            cells.Add(parser.Row(token => token.Kind is TexKind.Align or TexKind.NewLine or TexKind.Close || ends(token)));
            var token = parser.Tokens.Peek();
            if (token.Kind == TexKind.Close && stray)
            {
                parser.Tokens.Next();
                cells[^1] = Merge(cells[^1], parser.Row(next => next.Kind is TexKind.Align or TexKind.NewLine || ends(next)));
                token = parser.Tokens.Peek();
            }

            if (token.Kind is not (TexKind.Align or TexKind.NewLine))
                break;
            parser.Tokens.Next();
            if (token.Kind == TexKind.NewLine)
            {
                parser.Tokens.TakeStar();
                parser.Tokens.RawOptional();
                rows.Add(cells);
                cells = [];
            }
        }

        if (rows.Count == 0 || cells is not [RowNode { Items.Count: 0 }])
            rows.Add(cells); // A \\ at the very end begins no row.
        return rows;
    }

    /// <summary>Lines whose cells are aligned right and left by turns, as <c>aligned</c> sets them.</summary>
    public static TableNode Aligned(IReadOnlyList<IReadOnlyList<MathNode>> rows) => new(rows, "rl", true, "padding:0.25em 0");

    private static TableNode Matrix(IReadOnlyList<IReadOnlyList<MathNode>> rows) => new(rows, "c", false, "padding:0.15em 0.4em");

    private static RowNode Merge(MathNode first, MathNode second) => new([first, second]);

    private static string Letters(string columns) => string.Concat(columns.Where(c => c is 'l' or 'c' or 'r')) is { Length: > 0 } letters ? letters : "c";

    private static RowNode Fenced(string left, MathNode inner, string right)
    {
        var items = new List<MathNode> { inner };
        if (left.Length > 0)
            items.Insert(0, new OperatorNode(left, OperatorRole.Opening, Size: 0));
        if (right.Length > 0)
            items.Add(new OperatorNode(right, OperatorRole.Closing, Size: 0));
        return new RowNode(items);
    }
}
