using System.Collections.Frozen;
using System.Text;

namespace Attn.Notebook.Typesetting;

/// <summary>A style of letters.</summary>
internal enum Alphabet
{
    /// <summary>Italic letters, as variables are.</summary>
    Italic,

    /// <summary>Upright.</summary>
    Roman,

    Bold,
    BoldItalic,
    DoubleStruck,
    Script,
    Fraktur,
    SansSerif,
    Monospace,
}

/// <summary>
/// Letters and digits in other alphabets: MathML Core has no attribute for them but Unicode's block of
/// mathematical alphanumeric symbols (U+1D400), with its exceptions among the older letterlike symbols.
/// </summary>
internal static class Alphabets
{
    private static readonly FrozenDictionary<Alphabet, (int Upper, int Lower, int Digit)> Starts = new Dictionary<Alphabet, (int, int, int)>
    {
        [Alphabet.Bold] = (0x1d400, 0x1d41a, 0x1d7ce),
        [Alphabet.BoldItalic] = (0x1d468, 0x1d482, 0x1d7ce),
        [Alphabet.DoubleStruck] = (0x1d538, 0x1d552, 0x1d7d8),
        [Alphabet.Script] = (0x1d49c, 0x1d4b6, 0),
        [Alphabet.Fraktur] = (0x1d504, 0x1d51e, 0),
        [Alphabet.SansSerif] = (0x1d5a0, 0x1d5ba, 0x1d7e2),
        [Alphabet.Monospace] = (0x1d670, 0x1d68a, 0x1d7f6),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<(Alphabet, char), string> Exceptions = new Dictionary<(Alphabet, char), string>
    {
        [(Alphabet.DoubleStruck, 'C')] = "ℂ",
        [(Alphabet.DoubleStruck, 'H')] = "ℍ",
        [(Alphabet.DoubleStruck, 'N')] = "ℕ",
        [(Alphabet.DoubleStruck, 'P')] = "ℙ",
        [(Alphabet.DoubleStruck, 'Q')] = "ℚ",
        [(Alphabet.DoubleStruck, 'R')] = "ℝ",
        [(Alphabet.DoubleStruck, 'Z')] = "ℤ",
        [(Alphabet.Script, 'B')] = "ℬ",
        [(Alphabet.Script, 'E')] = "ℰ",
        [(Alphabet.Script, 'F')] = "ℱ",
        [(Alphabet.Script, 'H')] = "ℋ",
        [(Alphabet.Script, 'I')] = "ℐ",
        [(Alphabet.Script, 'L')] = "ℒ",
        [(Alphabet.Script, 'M')] = "ℳ",
        [(Alphabet.Script, 'R')] = "ℛ",
        [(Alphabet.Script, 'e')] = "ℯ",
        [(Alphabet.Script, 'g')] = "ℊ",
        [(Alphabet.Script, 'o')] = "ℴ",
        [(Alphabet.Fraktur, 'C')] = "ℭ",
        [(Alphabet.Fraktur, 'H')] = "ℌ",
        [(Alphabet.Fraktur, 'I')] = "ℑ",
        [(Alphabet.Fraktur, 'R')] = "ℜ",
        [(Alphabet.Fraktur, 'Z')] = "ℨ",
    }.ToFrozenDictionary();

    /// <summary>The bold letters follow this order, from U+1D6A8 upright and U+1D71C in italics.</summary>
    private const string Greek = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ";

    /// <summary>The alphabet that a command such as <c>mathbb</c> names; null for another command.</summary>
    public static Alphabet? Find(string name) => name switch
    {
        "mathrm" or "mathup" or "rm" or "mathnormal" => name == "mathnormal" ? Alphabet.Italic : Alphabet.Roman,
        "mathit" or "it" => Alphabet.Italic,
        "mathbf" or "bf" => Alphabet.Bold,
        "boldsymbol" or "bm" or "mathbfit" => Alphabet.BoldItalic,
        "mathbb" or "Bbb" => Alphabet.DoubleStruck,
        "mathcal" or "mathscr" or "cal" => Alphabet.Script,
        "mathfrak" => Alphabet.Fraktur,
        "mathsf" or "sf" => Alphabet.SansSerif,
        "mathtt" or "tt" => Alphabet.Monospace,
        _ => null,
    };

    /// <summary>Whether the command holds for the rest of its group, and not for one argument.</summary>
    public static bool IsSwitch(string name) => name is "rm" or "it" or "bf" or "cal" or "sf" or "tt";

    /// <summary>The text with each letter and digit that has one replaced by its form in the alphabet.</summary>
    public static string Map(string text, Alphabet alphabet)
    {
        if (alphabet is Alphabet.Italic or Alphabet.Roman)
            return text;
        var mapped = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
            mapped.Append(rune.IsBmp ? Map((char)rune.Value, alphabet) : rune.ToString());
        return mapped.ToString();
    }

    private static string Map(char letter, Alphabet alphabet)
    {
        if (Exceptions.TryGetValue((alphabet, letter), out var other))
            return other;
        var (upper, lower, digit) = Starts[alphabet];
        if (char.IsAsciiLetterUpper(letter))
            return char.ConvertFromUtf32(upper + letter - 'A');
        if (char.IsAsciiLetterLower(letter))
            return char.ConvertFromUtf32(lower + letter - 'a');
        if (char.IsAsciiDigit(letter) && digit != 0)
            return char.ConvertFromUtf32(digit + letter - '0');
        if (alphabet is Alphabet.Bold or Alphabet.BoldItalic && Greek.IndexOf(letter) is >= 0 and var place)
            return char.ConvertFromUtf32((alphabet == Alphabet.Bold ? 0x1d6a8 : 0x1d71c) + place);
        return letter.ToString();
    }
}
