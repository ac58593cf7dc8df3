using static TorchSharp.torch;

namespace Attn.Theory.IoComplexity;

/// <summary>The sizes of a cascade's ranks, read off its inputs, and one rank's tiles.</summary>
internal sealed class TileShape
{
    private readonly Dictionary<string, long> _sizes = [];

    public TileShape(Cascade cascade, string rank, int tile, IReadOnlyDictionary<string, Tensor> inputs)
    {
        (Rank, Tile) = (rank, tile);
        foreach (var access in cascade.Einsums.SelectMany(one => one.Operands).Where(access => cascade.Inputs.Contains(access.Tensor)))
        {
            if (!inputs.TryGetValue(access.Tensor, out var tensor))
                throw new ArgumentException($"inputs: got none called {access.Tensor}, needs one for {access}.", nameof(inputs));
            var known = access.Indices.Select(index => _sizes.GetValueOrDefault(index.Rank, -1)).ToArray();
            if (tensor.shape.Length != known.Length || tensor.shape.Zip(known, (got, size) => size >= 0 && got != size).Any(wrong => wrong))
                throw new ArgumentException(
                    $"inputs: got {access.Tensor} of [{string.Join(",", tensor.shape)}], needs {access} = "
                    + $"[{string.Join(",", known.Select(size => size < 0 ? "any" : $"{size}"))}].", nameof(inputs));
            for (var i = 0; i < known.Length; i++)
                _sizes[access.Indices[i].Rank] = tensor.shape[i];
        }

        if (!_sizes.ContainsKey(rank))
            throw new ArgumentException($"rank: got '{rank}', needs one that an input has.", nameof(rank));
    }

    /// <summary>The rank that is read in tiles.</summary>
    public string Rank { get; }

    /// <summary>Elements a tile.</summary>
    public int Tile { get; }

    /// <summary>How many tiles.</summary>
    public int Tiles => (int)((_sizes[Rank] + Tile - 1) / Tile);

    /// <summary>The part of an input that belongs to a tile; all of it where it has not the rank.</summary>
    public Tensor Part(Tensor input, TensorAccess access, int tile)
    {
        var dimension = access.Indices.ToList().FindIndex(index => index.Rank == Rank);
        return dimension < 0 ? input.alias() : input.narrow(dimension, (long)tile * Tile, Math.Min(Tile, _sizes[Rank] - (long)tile * Tile));
    }

    /// <summary>Elements of a tensor with all its elements of the rank.</summary>
    public long Elements(TensorAccess access) => access.Indices.Aggregate(1L, (count, index) => count * _sizes[index.Rank]);

    /// <summary>A running state before the first tile.</summary>
    public Tensor Start(Einsum einsum, Tensor like) => full(
        [.. einsum.Output.Indices.Where(index => index.Rank != Rank).Select(index => _sizes[index.Rank])], einsum.Map.Start, like.dtype, like.device);
}
