using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// An 8 × 8 grid with four 2 × 2 patches, each of its own colour and of a class, and a fifth that shows one of the colours alone: the answer is
/// the class of that colour. Patches lie anywhere and do not overlap; the rest is blank.
/// </summary>
public static class ColourGrid
{
    /// <summary>Rows, and columns, of the grid.</summary>
    public const int Side = 8;

    /// <summary>Tokens, row by row.</summary>
    public const int Length = Side * Side;

    /// <summary>Colours, all of them on every grid.</summary>
    public const int Colours = 4;

    /// <summary>Classes; chance is one in so many.</summary>
    public const int Classes = 6;

    /// <summary>Numbers a token: its colour and its class one-hot, and whether it asks.</summary>
    public const int Features = Colours + Classes + 1;

    private const int Patch = 2;

    /// <summary>Draws grids.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="random">The source of the draw.</param>
    /// <returns>Tokens <c>[B,64,11]</c>, float32, and the answers, <c>[B]</c>, int64.</returns>
    /// <exception cref="ArgumentException">Fewer than one grid.</exception>
    public static (Tensor Tokens, Tensor Answers) Sample(int batch, Random random)
    {
        if (batch < 1)
            throw new ArgumentException($"batch: got {batch}, needs at least 1.", nameof(batch));
        using var scope = NewDisposeScope();
        var (set, answers) = (new List<long>(), new long[batch]); // Which numbers are 1: few, so that a batch leaves little garbage.
        for (var b = 0; b < batch; b++)
        {
            var asked = random.Next(Colours);
            var corners = Corners(random);
            for (var patch = 0; patch <= Colours; patch++)
            {
                var (colour, kind) = patch < Colours ? (patch, Colours + random.Next(Classes)) : (asked, Features - 1);
                if (patch == asked)
                    answers[b] = kind - Colours;
                for (var cell = 0; cell < Patch * Patch; cell++)
                {
                    var token = (corners[patch].Row + cell / Patch) * Side + corners[patch].Column + cell % Patch;
                    var first = ((long)b * Length + token) * Features;
                    set.AddRange([first + colour, first + kind]);
                }
            }
        }

        var places = tensor(set.ToArray());
        var tokens = zeros((long)batch * Length * Features).index_copy_(0, places, ones(set.Count)).view(batch, Length, Features);
        return (tokens.MoveToOuterDisposeScope(), tensor(answers).MoveToOuterDisposeScope());
    }

    private static List<(int Row, int Column)> Corners(Random random)
    {
        var corners = new List<(int Row, int Column)>();
        while (corners.Count <= Colours)
        {
            var (row, column) = (random.Next(Side - Patch + 1), random.Next(Side - Patch + 1));
            if (corners.All(corner => Math.Abs(corner.Row - row) >= Patch || Math.Abs(corner.Column - column) >= Patch))
                corners.Add((row, column));
        }

        return corners;
    }
}
