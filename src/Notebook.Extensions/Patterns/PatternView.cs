using Attn.Notebook.Charting;
using static TorchSharp.torch;

namespace Attn.Notebook.Formatting;

/// <summary>Draws an attention pattern: its heads side by side, and the map that takes their place on a page with scripts.</summary>
internal static class PatternView
{
    private const int MostHeads = 8, MostTextHeads = 2;

    /// <summary>Thumbnails of a whole model; a page with more would be one nobody looks at.</summary>
    private const int MostThumbnails = 288;

    private const int MostCells = 64, ThumbnailCells = 32, ThumbnailPixels = 72;

    public static MimeBundle Render(AttentionPattern pattern)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var heads = PatternGrid.Heads(pattern.Weights.detach());
        var all = (int)heads.size(0);
        var perLayer = all / pattern.Layers;
        // Whole layers, so that a model stays a table.
        var shown = Math.Min(all, pattern.Layers > 1 ? Math.Max(1, MostThumbnails / perLayer) * perLayer : MostHeads);
        var fine = Grids(heads, shown, PatternMap.Side(shown));
        var still = pattern.Layers > 1 ? Thumbnails(Grids(heads, shown, ThumbnailCells), perLayer) : Pictures(pattern, Grids(heads, shown, MostCells));
        var kept = pattern.Layers > 1 ? pattern.WithLayers(shown / perLayer) : pattern;
        var note = Note(pattern, all, shown, fine[0]);
        var html = $"""
            <div class="attn-pattern" style="margin:4px 0">
            {PatternMap.Html(kept, fine, still)}
            <div style="font-size:85%;opacity:.75">{Markup.Escape(note)}</div>
            </div>
            """;
        var text = Grids(heads, Math.Min(shown, MostTextHeads), MostCells).Select((grid, h) => PatternText.Of(grid, all == 1 ? "" : $"head {h}"));
        return MimeBundle.Html(html, $"{note}\n{string.Join('\n', text)}");
    }

    private static List<double[,]> Grids(Tensor heads, int count, int mostCells) =>
        [.. Enumerable.Range(0, count).Select(h => PatternGrid.Of(heads.select(0, h), mostCells))];

    private static string Pictures(AttentionPattern pattern, IReadOnlyList<double[,]> grids)
    {
        var whole = grids[0].GetLength(0) == pattern.Weights.size(-2) && grids[0].GetLength(1) == pattern.Weights.size(-1);
        var pictures = grids.Select((grid, h) =>
        {
            var svg = PatternSvg.Render(grid, grids.Count == 1 ? "" : $"head {h}", whole ? pattern.QueryTokens : null, whole ? pattern.KeyTokens : null);
            return $"<div data-head=\"{h}\">{SvgImage.Of(svg, grids.Count == 1 ? "attention pattern" : $"head {h}", "max-width:100%")}</div>";
        });
        return $"<div style=\"display:flex;flex-wrap:wrap;gap:10px\">{string.Concat(pictures)}</div>";
    }

    private static string Thumbnails(IReadOnlyList<double[,]> grids, int perLayer)
    {
        var cells = grids.Select((grid, at) =>
        {
            var (scale, low, high) = HeatMapImage.ScaleOf(grid);
            var label = $"layer {at / perLayer}, head {at % perLayer}";
            return $"<img alt=\"{label}\" title=\"{label}\" data-head=\"{at}\" src=\"{HeatMapImage.DataUri(grid, scale, Math.Min(low, 0), high)}\" "
                + $"style=\"width:{ThumbnailPixels}px;height:{ThumbnailPixels}px;image-rendering:pixelated;border:1px solid rgba(128,128,128,.35)\"/>";
        });
        var rows = cells.Chunk(perLayer).Select((row, layer) => $"<div style=\"display:flex;gap:3px;align-items:center\"><span style=\"font-size:12px;width:4.5em;flex:none\">layer {layer}</span>{string.Concat(row)}</div>");
        return $"<div style=\"display:flex;flex-direction:column;gap:3px;overflow-x:auto\">{string.Concat(rows)}</div>";
    }

    private static string Note(AttentionPattern pattern, int heads, int shown, double[,] grid)
    {
        var (rows, columns) = (pattern.Weights.size(-2), pattern.Weights.size(-1));
        var parts = new List<string> { $"attention of {rows} queries (down) to {columns} keys (across)" };
        if (pattern.Layers > 1)
            parts.Add($"{pattern.Layers} layers of {heads / pattern.Layers} heads");
        if (heads > shown)
            parts.Add($"{shown} of {heads} heads");
        if (pattern.Weights.dim() >= 4 && pattern.Weights.size(-4) > 1)
            parts.Add($"the first of {pattern.Weights.size(-4)} sequences");
        if (grid.GetLength(0) < rows || grid.GetLength(1) < columns)
            parts.Add($"each cell the largest weight of its block{(Math.Max(rows, columns) > PatternGrid.MostTokens ? ", of a sample of the tokens" : "")}");
        else if (rows > MostCells || columns > MostCells)
            parts.Add("pictures side by side show the largest weight of each block");
        return string.Join("; ", parts);
    }
}
