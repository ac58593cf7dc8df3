namespace Attn.Theory.IoComplexity;

/// <summary>Where a tensor stands when the fibers of a rank are read in passes, from tile to tile.</summary>
/// <param name="Pass">The pass that gives it, from 1.</param>
/// <param name="Complete">Whether it is there only when that pass has ended, as a sum over the whole rank is.</param>
/// <param name="Waits">Whether its Einsum itself can begin only then.</param>
/// <param name="Touches">Whether its Einsum reads elements of the rank.</param>
public sealed record TensorPass(int Pass, bool Complete, bool Waits, bool Touches);

/// <summary>
/// Counts the passes of a cascade over a rank (arXiv 2406.10491, §3): there is another one wherever an element of a fiber must be read after
/// every other element of that fiber has been. The count is the longest chain of reading, reducing and reading again, plus one; it does not
/// depend on the schedule. With more than one pass, a whole fiber is held, or written out and read back, or read or computed again.
/// </summary>
/// <param name="Rank">The rank.</param>
/// <param name="Passes">How many.</param>
/// <param name="Tensors">Each tensor that the cascade computes.</param>
public sealed record PassAnalysis(string Rank, int Passes, IReadOnlyDictionary<string, TensorPass> Tensors)
{
    private static readonly TensorPass Given = new(1, false, false, false);

    /// <summary>The analysis of a cascade.</summary>
    /// <param name="cascade">The cascade.</param>
    /// <param name="rank">Such as <c>m</c>.</param>
    /// <exception cref="ArgumentException">The cascade has no such rank, or a running state that needs its own end.</exception>
    public static PassAnalysis Of(Cascade cascade, string rank)
    {
        ArgumentNullException.ThrowIfNull(cascade);
        if (!cascade.Ranks.Contains(rank))
            throw new ArgumentException($"rank: got '{rank}', needs one of {string.Join(", ", cascade.Ranks)}.", nameof(rank));
        var tensors = new Dictionary<string, TensorPass>();
        // A running state is read above the line that gives it: go round until nothing changes.
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var einsum in cascade.Einsums)
            {
                var found = Of(einsum, rank, tensors);
                if (found.Pass > cascade.Einsums.Count)
                    throw new ArgumentException($"cascade: got {einsum}, needs no state that waits for its own end.", nameof(cascade));
                changed |= tensors.GetValueOrDefault(einsum.Output.Tensor) != found;
                tensors[einsum.Output.Tensor] = found;
            }
        }

        return new(rank, tensors.Values.Where(tensor => tensor.Touches).Select(tensor => tensor.Pass).DefaultIfEmpty(0).Max(), tensors);
    }

    private static TensorPass Of(Einsum einsum, string rank, Dictionary<string, TensorPass> known)
    {
        var touches = einsum.Operands.Any(operand => operand.At(rank) == RankPoint.Element);
        var operands = einsum.Operands.Select(operand =>
        {
            var tensor = known.GetValueOrDefault(operand.Tensor, Given);
            // What a state ends with is known when the pass has ended, though each of its steps is known in it.
            return (tensor.Pass, Complete: tensor.Complete || operand.At(rank) == RankPoint.End);
        }).ToArray();
        var pass = operands.Max(operand => operand.Pass + (operand.Complete && touches ? 1 : 0));
        var waits = !touches && operands.Any(operand => operand.Complete && operand.Pass == pass);
        var reduces = einsum.Output.At(rank) is null && einsum.Operands.Any(operand => operand.At(rank) is { } point && point != RankPoint.End);
        return new(pass, reduces || waits, waits, touches);
    }
}
