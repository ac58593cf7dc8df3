namespace Attn.Notebook;

/// <summary>An equation, shown set wherever it can be.</summary>
public sealed class Latex : INotebookView
{
    private Latex(string tex) => Tex = tex;

    /// <summary>The LaTeX, without delimiters.</summary>
    public string Tex { get; }

    /// <summary>An equation on a line of its own.</summary>
    /// <param name="tex">LaTeX of mathematics, without <c>$</c>.</param>
    public static Latex Of(string tex)
    {
        ArgumentNullException.ThrowIfNull(tex);
        return new Latex(tex);
    }

    /// <inheritdoc/>
    public MimeBundle ToMimeBundle() => new(new Dictionary<string, object>
    {
        [Mime.Html] = $"<div class=\"attn-equation\" style=\"overflow-x:auto;overflow-y:hidden\">{MathMl.FromLatex(Tex, display: true)}</div>",
        [Mime.Latex] = $"$${Tex}$$",
        [Mime.Text] = Tex,
    });

    /// <summary>The LaTeX.</summary>
    public override string ToString() => Tex;
}
