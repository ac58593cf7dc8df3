using Attn.Notebook.Tensors;
using static TorchSharp.torch;

namespace Attn.Notebook.Formatting;

/// <summary>Draws the heads of an attention pattern side by side.</summary>
internal static class PatternView
{
    private const int MostHeads = 8;
    private const int MostTextHeads = 2;

    /// <summary>Larger patterns are first thinned by steps, so that the work is bounded.</summary>
    private const int MostTokens = 2048;

    /// <summary>Longer patterns are drawn with the largest weight of each block, which keeps thin lines visible.</summary>
    private const int MostCells = 64;

    public static MimeBundle Render(AttentionPattern pattern)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var heads = pattern.Weights.detach();
        if (heads.dim() == 4)
            heads = heads.select(0, 0);
        if (heads.dim() == 2)
            heads = heads.unsqueeze(0);
        var shown = (int)Math.Min(heads.shape[0], MostHeads);
        var grids = Enumerable.Range(0, shown).Select(h => Grid(heads.select(0, h))).ToList();
        var note = Note(pattern, heads.shape[0], grids[0]);
        var whole = grids[0].GetLength(0) == heads.shape[1] && grids[0].GetLength(1) == heads.shape[2];
        var pictures = grids.Select((grid, h) => PatternSvg.Render(
            grid, grids.Count == 1 ? "" : $"head {h}", whole ? pattern.QueryTokens : null, whole ? pattern.KeyTokens : null));
        var html = $"""
            <div class="attn-pattern" style="margin:4px 0">
            <div style="display:flex;flex-wrap:wrap;gap:10px">{string.Concat(pictures)}</div>
            <div style="font-size:85%;opacity:.75">{Markup.Escape(note)}</div>
            </div>
            """;
        var text = grids.Take(MostTextHeads).Select((grid, h) => PatternText.Of(grid, grids.Count == 1 ? "" : $"head {h}"));
        return MimeBundle.Html(html, $"{note}\n{string.Join('\n', text)}");
    }

    private static double[,] Grid(Tensor head)
    {
        using var scope = NewDisposeScope();
        var (thin, _, _) = TensorSample.Thin(head, MostTokens, MostTokens);
        var (rows, columns) = (Math.Min(thin.shape[0], MostCells), Math.Min(thin.shape[1], MostCells));
        if (rows == thin.shape[0] && columns == thin.shape[1])
            return TensorSample.Grid(thin);
        var pooled = nn.functional.adaptive_max_pool2d(thin.to(ScalarType.Float32, CPU).unsqueeze(0).unsqueeze(0), [rows, columns]);
        return TensorSample.Grid(pooled.reshape(rows, columns));
    }

    private static string Note(AttentionPattern pattern, long heads, double[,] grid)
    {
        var (rows, columns) = (pattern.Weights.shape[^2], pattern.Weights.shape[^1]);
        var parts = new List<string> { $"attention of {rows} queries (down) to {columns} keys (across)" };
        if (heads > MostHeads)
            parts.Add($"{MostHeads} of {heads} heads");
        if (pattern.Weights.dim() == 4 && pattern.Weights.shape[0] > 1)
            parts.Add($"the first of {pattern.Weights.shape[0]} sequences");
        if (grid.GetLength(0) < rows || grid.GetLength(1) < columns)
            parts.Add($"each cell the largest weight of its block{(Math.Max(rows, columns) > MostTokens ? ", of a sample of the tokens" : "")}");
        return string.Join("; ", parts);
    }
}
