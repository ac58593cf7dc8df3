namespace Attn.Notebook.Typesetting;

/// <summary>Sub- and superscripts and primes after an atom. A second one of a kind is joined to the first.</summary>
internal static class ScriptParser
{
    public static MathNode? Attach(TexParser parser, MathNode? atom)
    {
        List<MathNode> sub = [], sup = [];
        var limits = TakesLimits(atom);
        while (true)
        {
            var token = parser.Tokens.Peek();
            if (token.IsCommand("limits") || token.IsCommand("nolimits"))
                limits = token.Text == "limits";
            else if (token.Kind == TexKind.Prime)
                sup.Add(new OperatorNode("′", OperatorRole.Ordinary));
            else if (token.Kind is not (TexKind.Superscript or TexKind.Subscript))
                break;
            parser.Tokens.Next();
            if (token.Kind == TexKind.Superscript)
                sup.Add(parser.Argument());
            else if (token.Kind == TexKind.Subscript)
                sub.Add(parser.Argument());
        }

        return sub.Count + sup.Count == 0 ? atom : new ScriptsNode(atom ?? RowNode.Empty, Join(sub), Join(sup), limits);
    }

    private static MathNode? Join(List<MathNode> scripts) => scripts switch
    {
        [] => null,
        [var one] => one,
        _ => new RowNode(scripts),
    };

    private static bool TakesLimits(MathNode? atom) => atom switch
    {
        OperatorNode op => op.Limits,
        FunctionNode function => function.Limits,
        WrapNode { Limits: true } => true,
        ScriptsNode { Limits: true } => true,
        _ => false,
    };
}
