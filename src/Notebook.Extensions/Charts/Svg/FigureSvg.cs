using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>A figure as a static picture.</summary>
internal static class FigureSvg
{
    public static string Render(JsonObject figure) => PlaceholderSvg.Render(figure);
}
