namespace Attn.Notebook.Typesetting;

/// <summary>Letters, numbers and operators written as characters.</summary>
internal static class CharacterParser
{
    public static MathNode Parse(TexParser parser, string character)
    {
        if (char.IsAsciiDigit(character[0]))
            return Number(parser, character);
        if (Operators.OfCharacter(character) is { } op)
            return op;
        return parser.Alphabet == Alphabet.Italic ? new IdentifierNode(character) : Word(parser, character);
    }

    private static NumberNode Number(TexParser parser, string text)
    {
        while (parser.Tokens.Peek() is { Kind: TexKind.Character } next && (char.IsAsciiDigit(next.Text[0]) || next.Text == "." && !text.Contains('.')))
            text += parser.Tokens.Next().Text;
        // A point that ends a sentence is none of the number's.
        return new NumberNode(Alphabets.Map(text, parser.Alphabet));
    }

    /// <summary>Letters in a row are one name in upright type, and letters each in the other alphabets.</summary>
    private static IdentifierNode Word(TexParser parser, string text)
    {
        if (parser.Alphabet == Alphabet.Roman)
            while (parser.Tokens.Peek() is { Kind: TexKind.Character } next && char.IsLetterOrDigit(next.Text, 0))
                text += parser.Tokens.Next().Text;
        return new IdentifierNode(Alphabets.Map(text, parser.Alphabet), Upright: true);
    }
}
