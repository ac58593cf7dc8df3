namespace Attn.Theory.IoComplexity;

/// <summary>
/// When each line of a cascade runs, and how long its output is needed. Stages are numbered: 2p − 1 is the sweep of pass p over all tiles, 2p
/// what follows it and reads no elements, 0 what comes before the first.
/// </summary>
internal sealed class TileSchedule
{
    private readonly string _rank;
    private readonly Cascade _cascade;
    private readonly PassAnalysis _passes;
    private readonly Dictionary<string, int> _last;

    /// <param name="cascade">The cascade.</param>
    /// <param name="rank">The rank that is read in tiles.</param>
    public TileSchedule(Cascade cascade, string rank)
    {
        (_cascade, _rank, _passes) = (cascade, rank, PassAnalysis.Of(cascade, rank));
        _last = cascade.Outputs.ToDictionary(name => name, _ => int.MaxValue);
        foreach (var line in cascade.Einsums)
            foreach (var operand in line.Operands.Where(operand => operand.At(rank) != RankPoint.End))
                Extend(operand.Tensor, StageOf(line));
    }

    /// <summary>The number of the last stage.</summary>
    public int Last => 2 * _passes.Passes;

    /// <summary>The lines of a stage, in order.</summary>
    public IReadOnlyList<Einsum> Lines(int stage) => [.. _cascade.Einsums.Where(line => StageOf(line) == stage)];

    /// <summary>The stage in which a line runs.</summary>
    public int StageOf(Einsum line)
    {
        var tensor = _passes.Tensors[line.Output.Tensor];
        var tiled = line.Operands.Any(operand => operand.At(_rank) is { } point && point != RankPoint.End);
        return tensor.Waits ? 2 * tensor.Pass : tiled ? 2 * tensor.Pass - 1 : 0;
    }

    /// <summary>The last stage in which anything but the end of a running state is read of a tensor; never of an output.</summary>
    public int LastRead(string tensor) => _last.GetValueOrDefault(tensor, -1);

    /// <summary>Whether a later sweep needs the elements that a line gives.</summary>
    public bool IsCarried(Einsum line) =>
        line.Output.At(_rank) == RankPoint.Element && LastRead(line.Output.Tensor) is var last && last > StageOf(line) && last < int.MaxValue;

    /// <summary>Keeps what carried elements are computed from as long as they themselves, since they will be computed again.</summary>
    public void Recompute()
    {
        foreach (var line in _cascade.Einsums.Reverse().Where(IsCarried))
            foreach (var operand in line.Operands)
                Extend(operand.Tensor, LastRead(line.Output.Tensor));
    }

    private void Extend(string tensor, int stage) => _last[tensor] = Math.Max(_last.GetValueOrDefault(tensor, -1), stage);
}
