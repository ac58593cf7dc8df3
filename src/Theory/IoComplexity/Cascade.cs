using static TorchSharp.torch;

namespace Attn.Theory.IoComplexity;

/// <summary>A sequence of Einsums, each over inputs and what earlier ones gave: an algorithm without a schedule. Immutable.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Einsums">Its lines.</param>
public sealed record Cascade(string Name, IReadOnlyList<Einsum> Einsums)
{
    /// <summary>A cascade of no lines.</summary>
    public Cascade(string name)
        : this(name, [])
    {
    }

    /// <summary>Reads a cascade, a line an Einsum.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="text">The lines; empty ones are left out.</param>
    /// <exception cref="ArgumentException">See <see cref="Add"/>.</exception>
    public static Cascade Parse(string name, string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Aggregate(new Cascade(name), (cascade, line) => cascade.Add(line));

    /// <summary>The cascade with one more line; see <see cref="Einsum.Parse"/>.</summary>
    /// <exception cref="ArgumentException">
    /// The line is none, gives a tensor that is there already, or one that was read before, unless as a running state before its tile.
    /// </exception>
    public Cascade Add(string line)
    {
        var einsum = Einsum.Parse(line);
        var output = einsum.Output;
        if (Einsums.Any(one => one.Output.Tensor == output.Tensor))
            throw new ArgumentException($"line: got a second {output.Tensor} in '{line}', needs a new name.", nameof(line));
        var state = output.Indices.FirstOrDefault(index => index.Point == RankPoint.NextTile).Rank;
        var early = Accesses().Concat(einsum.Operands).FirstOrDefault(
            access => access.Tensor == output.Tensor && (state is null || access.At(state) != RankPoint.Tile));
        return early is null
            ? this with { Einsums = [.. Einsums, einsum] }
            : throw new ArgumentException($"line: got {output} in '{line}', needs it before {early} is read.", nameof(line));
    }

    /// <summary>The tensors that no line gives.</summary>
    public IEnumerable<string> Inputs => Accesses().Select(access => access.Tensor).Distinct().Where(name => Einsums.All(one => one.Output.Tensor != name));

    /// <summary>The tensors that no line reads.</summary>
    public IEnumerable<string> Outputs => Einsums.Select(one => one.Output.Tensor).Where(name => Accesses().All(access => access.Tensor != name));

    /// <summary>The ranks of all tensors.</summary>
    public IEnumerable<string> Ranks => Einsums.SelectMany(one => one.Ranks).Distinct();

    /// <summary>How often the fibers of a rank must be read, whatever the schedule, unless a whole fiber is kept.</summary>
    /// <param name="rank">Such as <c>m</c>.</param>
    public int PassCount(string rank) => PassAnalysis.Of(this, rank).Passes;

    /// <summary>The most elements that must be held between two tiles of the rank, when nothing is read twice: by running it over zeros.</summary>
    /// <param name="rank">Such as <c>m</c>.</param>
    /// <param name="sizes">The size of every rank.</param>
    /// <param name="tile">Elements of the rank a tile.</param>
    public long LiveFootprint(string rank, IReadOnlyDictionary<string, int> sizes, int tile)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        using var scope = NewDisposeScope();
        var inputs = Inputs.ToDictionary(name => name, name => zeros(
            [.. Accesses().First(access => access.Tensor == name).Indices.Select(index => (long)sizes[index.Rank])], ScalarType.Float64));
        return new TileMachine(this, rank, tile).Run(inputs).Carried;
    }

    /// <summary>What the cascade gives, read tile by tile with as much memory as it takes.</summary>
    /// <param name="rank">The rank that is read in tiles, such as <c>m</c>.</param>
    /// <param name="tile">Elements of it a tile; the last may be shorter.</param>
    /// <param name="inputs">Every input, its dimensions in the order of its indices.</param>
    /// <returns>The one output.</returns>
    public Tensor Evaluate(string rank, int tile, IReadOnlyDictionary<string, Tensor> inputs) =>
        new TileMachine(this, rank, tile).Run(inputs).Outputs.Single().Value;

    /// <summary>Divisions, counted over the iteration spaces.</summary>
    /// <param name="sizes">The size of every rank.</param>
    /// <param name="tile">Elements of a tile, of every rank that is split.</param>
    public long DivisionCount(IReadOnlyDictionary<string, int> sizes, int tile) => Count(map => map.Divides, sizes, tile);

    /// <summary>How often the map operators of a kind are applied.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="sizes">The size of every rank.</param>
    /// <param name="tile">Elements of a tile, of every rank that is split.</param>
    public long Count(Func<MapOperator, bool> kind, IReadOnlyDictionary<string, int> sizes, int tile)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (tile < 1)
            throw new ArgumentException($"tile: got {tile}, needs at least 1.", nameof(tile));
        return Einsums.Where(one => kind(one.Map)).Sum(one => one.Ranks.Aggregate(1L, (points, rank) => points * Points(one, rank)));

        // Where one tensor goes by elements and another by tiles, the space goes by elements.
        long Points(Einsum one, string rank)
        {
            var points = one.Operands.Prepend(one.Output).Select(access => access.At(rank)).ToArray();
            return points.Contains(RankPoint.Element) ? sizes[rank]
                : points.Contains(RankPoint.Tile) || points.Contains(RankPoint.NextTile) ? (sizes[rank] + tile - 1) / tile : 1;
        }
    }

    /// <summary>The lines.</summary>
    public override string ToString() => string.Join('\n', Einsums);

    private IEnumerable<TensorAccess> Accesses() => Einsums.SelectMany(one => one.Operands);
}
