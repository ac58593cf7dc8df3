namespace Attn.Notebook.Typesetting;

/// <summary>Fractions, binomials and roots.</summary>
internal static class FractionParser
{
    public static MathNode? Parse(TexParser parser, string command) => command switch
    {
        "frac" => Fraction(parser, null),
        "dfrac" or "cfrac" => Fraction(parser, true),
        "tfrac" => Fraction(parser, false),
        "binom" => Binomial(parser, null),
        "dbinom" => Binomial(parser, true),
        "tbinom" => Binomial(parser, false),
        "sqrt" => Root(parser),
        _ => null,
    };

    /// <summary>How <c>\over</c> and its kin join what stands before and after them; null for another command.</summary>
    public static Func<MathNode, MathNode, MathNode>? Infix(string command) => command switch
    {
        "over" => static (top, bottom) => new FractionNode(top, bottom),
        "atop" => static (top, bottom) => new FractionNode(top, bottom, Line: false),
        "choose" => static (top, bottom) => Parentheses(new FractionNode(top, bottom, Line: false)),
        _ => null,
    };

    private static FractionNode Fraction(TexParser parser, bool? display)
    {
        var top = parser.Argument();
        return new FractionNode(top, parser.Argument(), Display: display);
    }

    private static RowNode Binomial(TexParser parser, bool? display)
    {
        var top = parser.Argument();
        return Parentheses(new FractionNode(top, parser.Argument(), Line: false, display));
    }

    private static RootNode Root(TexParser parser)
    {
        var degree = parser.Tokens.RawOptional() is { Length: > 0 } text ? parser.Sub(text) : null;
        return new RootNode(parser.Argument(), degree);
    }

    private static RowNode Parentheses(MathNode inner) =>
        new([new OperatorNode("(", OperatorRole.Opening, Size: 0), inner, new OperatorNode(")", OperatorRole.Closing, Size: 0)]);
}
