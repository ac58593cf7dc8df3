using System.Text.RegularExpressions;

namespace Attn.Theory.IoComplexity;

/// <summary>What an index of a rank runs over, when the rank is split into tiles.</summary>
public enum RankPoint
{
    /// <summary>Each element: <c>m</c>, or <c>m1,m0</c>.</summary>
    Element,

    /// <summary>Each tile: <c>m1</c>. Of a running state, what it is before the tile.</summary>
    Tile,

    /// <summary>The tile after: <c>m1+1</c>. Of a running state, what it is after the tile.</summary>
    NextTile,

    /// <summary>After the last tile: <c>M1</c>. Of a running state, what it ends with.</summary>
    End,
}

/// <summary>One index of a tensor.</summary>
/// <param name="Rank">The rank's letter, such as <c>m</c>.</param>
/// <param name="Point">What it runs over.</param>
public readonly partial record struct RankIndex(string Rank, RankPoint Point)
{
    /// <summary>Reads the indices between brackets.</summary>
    /// <exception cref="ArgumentException">Something else than ranks, or <c>m0</c> that does not follow <c>m1</c>.</exception>
    internal static IReadOnlyList<RankIndex> ParseList(string text)
    {
        var indices = new List<RankIndex>();
        foreach (var token in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var match = Token().Match(token);
            var rank = match.Groups["rank"].Value.ToLowerInvariant();
            if (match.Groups["inner"].Success && indices.Count > 0 && indices[^1] == new RankIndex(rank, RankPoint.Tile))
                indices[^1] = new(rank, RankPoint.Element);
            else if (match.Success && !match.Groups["inner"].Success)
                indices.Add(new(rank, match.Groups["next"].Success ? RankPoint.NextTile
                    : match.Groups["end"].Success ? RankPoint.End
                    : match.Groups["tile"].Success ? RankPoint.Tile : RankPoint.Element));
            else
                throw new ArgumentException($"indices: got '{token}' in [{text}], needs m, m1, m1,m0, m1+1 or M1 of some letter.", nameof(text));
        }

        return indices;
    }

    /// <summary>The index as it is written.</summary>
    public override string ToString() => Point switch
    {
        RankPoint.Element => Rank,
        RankPoint.Tile => $"{Rank}1",
        RankPoint.NextTile => $"{Rank}1+1",
        _ => $"{Rank.ToUpperInvariant()}1",
    };

    [GeneratedRegex("^((?<next>(?<rank>[a-z])1\\+1)|(?<end>(?<rank>[A-Z])1)|(?<tile>(?<rank>[a-z])1)|(?<inner>(?<rank>[a-z])0)|(?<rank>[a-z]))$")]
    private static partial Regex Token();
}
