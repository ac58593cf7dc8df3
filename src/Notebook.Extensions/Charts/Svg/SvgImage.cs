using System.Text;

namespace Attn.Notebook.Charting;

/// <summary>A drawing as an <c>img</c> element: front ends that do not trust a notebook take SVG elements away and leave their texts.</summary>
internal static class SvgImage
{
    /// <param name="svg">The drawing.</param>
    /// <param name="label">What it shows, for who does not see it.</param>
    /// <param name="style">The element's style.</param>
    public static string Of(string svg, string label, string style) =>
        $"<img alt=\"{Markup.Escape(label)}\" src=\"data:image/svg+xml;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(svg))}\" style=\"display:block;{style}\"/>";
}
