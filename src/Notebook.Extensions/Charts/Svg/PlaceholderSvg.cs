using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>What stands for a figure of kinds that have no static picture: its title and what it holds.</summary>
internal static class PlaceholderSvg
{
    public static string Render(JsonObject figure)
    {
        var svg = new SvgCanvas(ChartTheme.Width, 160, ChartText.Title(figure));
        svg.Text(18, 30, ChartText.Title(figure), 17, ChartTheme.Ink);
        var y = 58;
        foreach (var line in ChartText.Of(figure).Split('\n').Skip(1).Take(4))
            svg.Text(18, y += 20, line.Trim(), 13, ChartTheme.Muted);
        return svg.ToString();
    }
}
