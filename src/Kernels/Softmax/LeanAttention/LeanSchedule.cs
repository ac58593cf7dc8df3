namespace Attn.Kernels;

/// <summary>A contiguous run of one output's tiles that one worker computes.</summary>
/// <param name="Output">The output: a pair of sequence and head.</param>
/// <param name="Begin">Its first tile, counted within the output.</param>
/// <param name="End">The tile after its last.</param>
/// <param name="IsHost">Whether it holds the output's first tile, so that its worker merges and writes the output.</param>
public readonly record struct LeanSegment(int Output, int Begin, int End, bool IsHost)
{
    /// <summary>How many tiles it has.</summary>
    public int Tiles => End - Begin;
}

/// <summary>
/// The stream-K schedule of LeanAttention: the tiles of all outputs in one line, cut into equal shares, one a worker, whatever the number
/// of heads, sequences and their lengths (arXiv 2405.10480, §4.2). No two shares differ by more than one tile.
/// </summary>
public sealed class LeanSchedule
{
    private LeanSchedule(IReadOnlyList<int> tilesPerOutput, IReadOnlyList<IReadOnlyList<LeanSegment>> segments) =>
        (TilesPerOutput, Segments) = (tilesPerOutput, segments);

    /// <summary>How many tiles each output has.</summary>
    public IReadOnlyList<int> TilesPerOutput { get; }

    /// <summary>The segments of each worker, in the order in which it computes them. Only a worker's first one can lack the host's place.</summary>
    public IReadOnlyList<IReadOnlyList<LeanSegment>> Segments { get; }

    /// <summary>How many tiles a worker computes.</summary>
    public int Load(int worker) => Segments[worker].Sum(segment => segment.Tiles);

    /// <summary>The tiles of the busiest worker: the time that the schedule takes, in tiles.</summary>
    public int Makespan => Enumerable.Range(0, Segments.Count).Max(Load);

    /// <summary>Cuts the work.</summary>
    /// <param name="tilesPerOutput">Tiles of each output, at least one.</param>
    /// <param name="workers">G, workers; those beyond the number of tiles get none.</param>
    /// <exception cref="ArgumentException">No outputs, an output without tiles, or less than one worker.</exception>
    public static LeanSchedule Plan(IReadOnlyList<int> tilesPerOutput, int workers)
    {
        ArgumentNullException.ThrowIfNull(tilesPerOutput);
        Arguments.Positive(workers, nameof(workers));
        if (tilesPerOutput.Count == 0 || tilesPerOutput.Any(tiles => tiles < 1))
            Arguments.Fail(nameof(tilesPerOutput), $"[{string.Join(",", tilesPerOutput)}]", "at least one output, with at least one tile each");
        var total = tilesPerOutput.Sum();
        var most = (total + workers - 1) / workers;
        var withMost = total - (most - 1) * workers;
        var shares = new List<IReadOnlyList<LeanSegment>>(workers);
        var (output, tile) = (0, 0);
        for (var worker = 0; worker < workers; worker++)
        {
            var share = new List<LeanSegment>();
            for (var left = worker < withMost ? most : most - 1; left > 0;)
            {
                var end = Math.Min(tilesPerOutput[output], tile + left);
                share.Add(new(output, tile, end, IsHost: tile == 0));
                left -= end - tile;
                (output, tile) = end == tilesPerOutput[output] ? (output + 1, 0) : (output, end);
            }
            shares.Add(share);
        }
        return new([.. tilesPerOutput], shares);
    }
}
