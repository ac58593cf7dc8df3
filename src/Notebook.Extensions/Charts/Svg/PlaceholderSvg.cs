using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>What stands for a figure of kinds that have no static picture: its title and what it holds.</summary>
internal static class PlaceholderSvg
{
    public static string Render(JsonObject figure)
    {
        var svg = new SvgCanvas(ChartTheme.Width, 160, ChartText.Title(figure));
        var lines = ChartText.Of(figure).Split('\n');
        svg.Text(18, 30, lines[0], 17, ChartTheme.Ink);
        var y = 38;
        foreach (var line in lines.Skip(1).Take(4))
            svg.Text(18, y += 20, line.Trim(), 13, ChartTheme.Muted);
        svg.Text(18, y + 20, "This kind of chart is drawn by plotly.js alone.", 13, ChartTheme.Muted);
        return svg.ToString();
    }
}
