using Attn.Notebook.Tensors;
using static TorchSharp.torch;

namespace Attn.Notebook.Formatting;

/// <summary>The heads of a pattern, each small enough to be drawn.</summary>
internal static class PatternGrid
{
    /// <summary>Larger patterns are first thinned by steps, so that the work is bounded.</summary>
    public const int MostTokens = 2048;

    /// <summary>The heads of all layers one after another, <c>[layers·heads, Tq, Tk]</c>: the first of the batch.</summary>
    public static Tensor Heads(Tensor weights) => weights.dim() switch
    {
        2 => weights.unsqueeze(0),
        4 => weights.select(0, 0),
        5 => weights.select(1, 0).flatten(0, 1),
        _ => weights,
    };

    /// <summary>At most so many cells a side; a cell is the largest weight of its block, which keeps thin lines visible.</summary>
    public static double[,] Of(Tensor head, int mostCells)
    {
        using var scope = NewDisposeScope();
        var (thin, _, _) = TensorSample.Thin(head, MostTokens, MostTokens);
        var (rows, columns) = (Math.Min(thin.size(0), mostCells), Math.Min(thin.size(1), mostCells));
        if (rows == thin.size(0) && columns == thin.size(1))
            return TensorSample.Grid(thin);
        var pooled = nn.functional.adaptive_max_pool2d(thin.to(ScalarType.Float32, CPU).unsqueeze(0).unsqueeze(0), [rows, columns]);
        return TensorSample.Grid(pooled.reshape(rows, columns));
    }
}
