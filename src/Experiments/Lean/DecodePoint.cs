using Attn.Kernels;

namespace Attn.Experiments;

/// <summary>One decoding step on a GPU, and how full the three strategies keep it.</summary>
/// <param name="Heads">Key-value heads.</param>
/// <param name="Batch">Sequences.</param>
/// <param name="Context">Cached tokens of each.</param>
/// <param name="Tile">Keys a tile.</param>
/// <param name="Processors">Multiprocessors.</param>
public sealed record DecodePoint(int Heads, int Batch, int Context, int Tile, int Processors)
{
    /// <summary>Outputs: a sequence and a head each.</summary>
    public int Outputs => Heads * Batch;

    /// <summary>Tiles of each output.</summary>
    public int Tiles => (Context + Tile - 1) / Tile;

    /// <summary>FlashAttention-2's time, tiles.</summary>
    public int PerOutput => DecodeMakespan.PerOutput(Outputs, Tiles, Processors);

    /// <summary>FlashDecoding's, by its own choice of parts.</summary>
    public int FixedSplit => DecodeMakespan.FixedSplit(Outputs, Tiles, Processors, DecodeMakespan.Parts(Outputs, Tiles, Processors));

    /// <summary>LeanAttention's.</summary>
    public int StreamK => DecodeMakespan.StreamK(Outputs, Tiles, Processors);

    /// <summary>The share of the multiprocessors' time that a strategy's makespan spends on tiles.</summary>
    public double Occupancy(int makespan) => DecodeMakespan.Occupancy(Outputs, Tiles, Processors, makespan);

    /// <summary>Every combination of heads, batches and contexts.</summary>
    public static IReadOnlyList<DecodePoint> Grid(
        IReadOnlyList<int> heads, IReadOnlyList<int> batches, IReadOnlyList<int> contexts, int tile, int processors) =>
        [.. from h in heads from b in batches from n in contexts select new DecodePoint(h, b, n, tile, processors)];
}
