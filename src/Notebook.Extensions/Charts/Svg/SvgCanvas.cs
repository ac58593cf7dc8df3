using System.Globalization;
using System.Text;

namespace Attn.Notebook.Charting;

/// <summary>Writes one SVG image, with every text escaped and every number short.</summary>
internal sealed class SvgCanvas
{
    private readonly StringBuilder _svg = new();

    /// <summary>An image of that size, which shrinks with the page unless <paramref name="fixedWidth"/>.</summary>
    public SvgCanvas(double width, double height, string label, bool fixedWidth = false)
    {
        var size = fixedWidth ? $"width=\"{N(width)}\" height=\"{N(height)}\"" : $"width=\"100%\" style=\"max-width:{N(width)}px;display:block\"";
        _svg.Append($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {N(width)} {N(height)}" {size} """);
        _svg.Append($"""role="img" font-family="{Escape(ChartTheme.Font)}"><title>{Escape(label)}</title>""");
        _svg.Append($"""<rect width="{N(width)}" height="{N(height)}" fill="{ChartTheme.Paper}"/>""");
    }

    public void Rect(double x, double y, double width, double height, string fill, string? tip = null)
    {
        _svg.Append($"""<rect x="{N(x)}" y="{N(y)}" width="{N(width)}" height="{N(height)}" fill="{Escape(fill)}" """);
        _svg.Append(tip is null ? "/>" : $"><title>{Escape(tip)}</title></rect>");
    }

    public void Frame(double x, double y, double width, double height, string stroke) =>
        _svg.Append($"""<rect x="{N(x)}" y="{N(y)}" width="{N(width)}" height="{N(height)}" fill="none" stroke="{Escape(stroke)}"/>""");

    /// <summary>A picture scaled up without smoothing.</summary>
    public void Image(double x, double y, double width, double height, string dataUri) => _svg.Append(
        $"""<image x="{N(x)}" y="{N(y)}" width="{N(width)}" height="{N(height)}" preserveAspectRatio="none" style="image-rendering:pixelated" href="{dataUri}"/>""");

    public void Line(double x1, double y1, double x2, double y2, string stroke, double width = 1, string? dash = null) =>
        _svg.Append($"""<line x1="{N(x1)}" y1="{N(y1)}" x2="{N(x2)}" y2="{N(y2)}" stroke="{Escape(stroke)}" stroke-width="{N(width)}"{Dash(dash)}/>""");

    /// <summary>A path of SVG commands, stroked.</summary>
    public void Path(string commands, string stroke, double width, string? dash) =>
        _svg.Append($"""<path d="{commands}" fill="none" stroke="{Escape(stroke)}" stroke-width="{N(width)}" stroke-linejoin="round"{Dash(dash)}/>""");

    public void Dot(double x, double y, double radius, string fill) =>
        _svg.Append($"""<circle cx="{N(x)}" cy="{N(y)}" r="{N(radius)}" fill="{Escape(fill)}"/>""");

    /// <summary>Text whose baseline starts, is centred (<c>middle</c>) or ends (<c>end</c>) at the point; turned about it by degrees.</summary>
    public void Text(double x, double y, string text, double size, string fill, string anchor = "start", double turn = 0)
    {
        var rotation = turn == 0 ? "" : $""" transform="rotate({N(turn)} {N(x)} {N(y)})" """;
        _svg.Append($"""<text x="{N(x)}" y="{N(y)}" font-size="{N(size)}" fill="{Escape(fill)}" text-anchor="{anchor}"{rotation}>{Escape(text)}</text>""");
    }

    /// <summary>Everything drawn by <paramref name="draw"/> shows inside the rectangle only.</summary>
    public void Clipped(double x, double y, double width, double height, Action draw)
    {
        // A nested svg element clips without an id, which would have to differ from those of all other charts on the page.
        _svg.Append($"""<svg x="{N(x)}" y="{N(y)}" width="{N(width)}" height="{N(height)}" viewBox="{N(x)} {N(y)} {N(width)} {N(height)}">""");
        draw();
        _svg.Append("</svg>");
    }

    public override string ToString() => $"{_svg}</svg>";

    /// <summary>A coordinate to a hundredth of a pixel.</summary>
    public static string N(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>Escapes text and attributes, and drops the control characters that XML cannot hold.</summary>
    public static string Escape(string text) => Markup.Escape(text);

    private static string Dash(string? dash) => dash is null ? "" : $" stroke-dasharray=\"{dash}\"";
}
