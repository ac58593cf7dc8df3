using Attn.Notebook.Typesetting;

namespace Attn.Notebook;

/// <summary>Turns the LaTeX of papers into MathML Core, which browsers set by themselves, without scripts or fonts.</summary>
public static class MathMl
{
    /// <summary>The <c>math</c> element of an expression. Never throws: what is malformed or unknown stands in it visibly.</summary>
    /// <param name="tex">LaTeX of mathematics, without <c>$</c>.</param>
    /// <param name="display">Whether it stands on a line of its own.</param>
    public static string FromLatex(string tex, bool display)
    {
        ArgumentNullException.ThrowIfNull(tex);
        return $"<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"{(display ? "block" : "inline")}\" alttext=\"{Markup.Escape(tex)}\">"
            + $"{MathMlWriter.Write(new TexParser(tex).Parse())}</math>";
    }

    /// <summary>The commands and environments of an expression that are not known, such as <c>foo</c> or <c>begin{bar}</c>, each once.</summary>
    public static IReadOnlyList<string> UnknownCommands(string tex)
    {
        ArgumentNullException.ThrowIfNull(tex);
        var parser = new TexParser(tex);
        parser.Parse();
        return [.. parser.Unknown.Distinct()];
    }
}
