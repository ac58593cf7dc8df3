using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Positions on a grid: the channels are cut into one group an axis, and each group is turned by its own coordinate, as <see cref="Rope"/> turns
/// by a place. A product of two tokens depends on the differences of their coordinates alone (LightNet's MD-LRPE).
/// </summary>
public static class MdLrpe
{
    /// <summary>Turns every token by its coordinates.</summary>
    /// <param name="x"><c>[…,T,D]</c>; D at least twice the number of axes. The last group takes the channels that do not divide.</param>
    /// <param name="coordinates"><c>[T,axes]</c>, such as <see cref="Grid"/> gives.</param>
    /// <param name="base">The base of the frequencies in each group.</param>
    /// <returns>The same shape and dtype.</returns>
    public static Tensor Apply(Tensor x, Tensor coordinates, double @base = 10000)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (coordinates is not { shape: [var tokens, var axes] } || tokens != x.size(-2) || axes < 1 || 2 * axes > x.size(-1))
            Arguments.Fail(
                nameof(coordinates), coordinates is null ? "null" : Arguments.Text(coordinates.shape), $"[T,axes] with T = {x.size(-2)} and 1 to {x.size(-1) / 2} axes");
        using var scope = NewDisposeScope();
        var (width, groups) = (x.size(-1) / coordinates.size(1), new List<Tensor>());
        for (var axis = 0L; axis < coordinates.size(1); axis++)
        {
            var start = axis * width;
            var size = axis == coordinates.size(1) - 1 ? x.size(-1) - start : width;
            groups.Add(Rope.Turn(x.narrow(-1, start, size), coordinates.select(1, axis), @base));
        }
        return cat(groups, -1).MoveToOuterDisposeScope();
    }

    /// <summary>The coordinates of a grid's cells, row by row: <c>[rows·columns, 2]</c>, int64.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public static Tensor Grid(int rows, int columns)
    {
        Arguments.Positive(rows, nameof(rows));
        Arguments.Positive(columns, nameof(columns));
        using var scope = NewDisposeScope();
        var cell = arange((long)rows * columns, ScalarType.Int64);
        return stack([cell.div(columns, RoundingMode.floor), cell.remainder(columns)], 1).MoveToOuterDisposeScope();
    }
}
