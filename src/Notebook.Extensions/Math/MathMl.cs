namespace Attn.Notebook;

/// <summary>Turns the LaTeX of papers into MathML Core, which browsers set by themselves.</summary>
public static class MathMl
{
    /// <summary>The <c>math</c> element of an expression.</summary>
    public static string FromLatex(string tex, bool display) =>
        $"<math xmlns=\"http://www.w3.org/1998/Math/MathML\" display=\"{(display ? "block" : "inline")}\"><mtext>{Markup.Escape(tex)}</mtext></math>";
}
