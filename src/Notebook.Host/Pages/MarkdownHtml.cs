using Attn.Notebook;
using Markdig;
using Markdig.Extensions.Mathematics;
using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace Attn.Host.Pages;

/// <summary>Markdown cells as HTML, their <c>$…$</c> and <c>$$…$$</c> as MathML. HTML in the markdown itself is shown, not obeyed.</summary>
internal static class MarkdownHtml
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseMathematics().UsePipeTables().UseAutoIdentifiers().UseAutoLinks().UseFootnotes().DisableHtml().Build();

    public static string Render(string markdown)
    {
        var text = new StringWriter();
        var html = new HtmlRenderer(text);
        Pipeline.Setup(html);
        html.ObjectRenderers.RemoveAll(renderer => renderer is HtmlMathInlineRenderer or HtmlMathBlockRenderer);
        html.ObjectRenderers.Insert(0, new InlineMath());
        html.ObjectRenderers.Insert(0, new BlockMath());
        html.Render(Markdown.Parse(markdown, Pipeline));
        return text.ToString();
    }

    /// <summary>The equations of a markdown text, as LaTeX.</summary>
    public static IEnumerable<string> Equations(string markdown) => Markdig.Syntax.MarkdownObjectExtensions.Descendants(Markdown.Parse(markdown, Pipeline))
        .Select(node => node switch
        {
            MathInline inline => inline.Content.ToString(),
            MathBlock block => block.Lines.ToString(),
            _ => null,
        })
        .OfType<string>();

    private sealed class InlineMath : HtmlObjectRenderer<MathInline>
    {
        // '$$' in a paragraph is set as a display too, as Jupyter does it.
        protected override void Write(HtmlRenderer renderer, MathInline node) => renderer.Write(MathMl.FromLatex(node.Content.ToString(), node.DelimiterCount > 1));
    }

    private sealed class BlockMath : HtmlObjectRenderer<MathBlock>
    {
        protected override void Write(HtmlRenderer renderer, MathBlock node) =>
            renderer.Write("<div class=\"equation\">").Write(MathMl.FromLatex(node.Lines.ToString(), display: true)).Write("</div>");
    }
}
