namespace Attn.Experiments;

/// <summary>
/// Grids of blank cells with one marked cell at a random place; every cell is to tell the mark's class. Read cell by cell, it asks for
/// information that may come later.
/// </summary>
public static class MarkedGrid
{
    /// <summary>Classes of marks; chance is one in so many.</summary>
    public const int Classes = 6;

    /// <summary>Cells of the 6×6 grid, in the order of reading.</summary>
    public const int Cells = 36;

    /// <summary>Token ids: a blank cell, or a mark of a class.</summary>
    public const int Vocabulary = Classes + 1;

    /// <summary>Draws grids.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="random">The source of the draw.</param>
    /// <returns>The cells and their targets, and the place of each grid's mark.</returns>
    /// <exception cref="ArgumentException">Fewer than one grid.</exception>
    public static (SequenceBatch Batch, int[] Marks) Sample(int batch, Random random)
    {
        if (batch < 1)
            throw new ArgumentException($"batch: got {batch}, needs at least 1.", nameof(batch));
        var (inputs, targets, marks) = (new long[batch, Cells], new long[batch, Cells], new int[batch]);
        for (var b = 0; b < batch; b++)
        {
            var mark = random.Next(Classes);
            marks[b] = random.Next(Cells);
            inputs[b, marks[b]] = 1 + mark;
            for (var cell = 0; cell < Cells; cell++)
                targets[b, cell] = mark;
        }

        return (SequenceBatch.Of(inputs, targets), marks);
    }
}
