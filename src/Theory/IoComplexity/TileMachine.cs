using static TorchSharp.torch;

namespace Attn.Theory.IoComplexity;

/// <summary>
/// Runs a cascade as a machine with little fast memory would: pass by pass over the tiles of a rank, every line in the pass that
/// <see cref="PassAnalysis"/> gives it. A line that would read a sum before it is complete throws: a run is a proof that the passes suffice.
/// </summary>
/// <param name="cascade">What to run.</param>
/// <param name="rank">The rank that is read in tiles.</param>
/// <param name="tile">Elements a tile; the last may be shorter.</param>
public sealed class TileMachine(Cascade cascade, string rank, int tile)
{
    private readonly int _tile = tile >= 1 ? tile : throw new ArgumentException($"tile: got {tile}, needs at least 1.", nameof(tile));

    /// <summary>
    /// Elements of fast memory for what a later pass needs of whole fibers; where they do not fit, all of them overflow. Tiles of inputs,
    /// running states, sums and what there is one of a tile are held besides.
    /// </summary>
    public long Buffer { get; init; } = long.MaxValue;

    /// <summary>What is done with them then.</summary>
    public Overflow Overflow { get; init; }

    /// <summary>Runs it, without gradients.</summary>
    /// <param name="inputs">Every input, its dimensions in the order of its indices, of one floating dtype.</param>
    /// <exception cref="ArgumentException">An input is missing, or its sizes do not fit.</exception>
    /// <exception cref="InvalidOperationException">A line reads what is not there yet.</exception>
    public TileRun Run(IReadOnlyDictionary<string, Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var shape = new TileShape(cascade, rank, _tile, inputs);
        var schedule = new TileSchedule(cascade, rank);
        Overflow? overflow = Carried(schedule, shape) > Buffer ? Overflow : null;
        if (overflow == Overflow.Recompute)
            schedule.Recompute();
        var memory = new TileMemory(cascade, schedule, shape, inputs, overflow);
        for (var stage = 0; stage <= schedule.Last; stage++)
            memory.Run(stage);
        return memory.Finish();
    }

    /// <summary>The most elements of whole fibers between two stages.</summary>
    private long Carried(TileSchedule schedule, TileShape shape)
    {
        var carried = cascade.Einsums.Where(schedule.IsCarried).ToArray();
        return Enumerable.Range(0, schedule.Last).Max(stage => carried
            .Where(line => schedule.StageOf(line) <= stage && stage < schedule.LastRead(line.Output.Tensor)).Sum(line => shape.Elements(line.Output)));
    }
}
