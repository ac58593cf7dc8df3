namespace Attn.Kernels;

/// <summary>Finds what a mistyped word was meant to be.</summary>
internal static class ClosestIds
{
    /// <summary>The ids that share a part with <paramref name="id"/> or differ in few letters, nearest first; at most three.</summary>
    public static IReadOnlyList<string> To(string id, IEnumerable<string> ids) =>
        [.. ids.Select(candidate => (candidate, distance: Distance(id.ToLowerInvariant(), candidate)))
            .Where(pair => pair.distance <= Math.Max(2, pair.candidate.Length / 3) || (id.Length >= 3 && pair.candidate.Contains(id, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Take(3).Select(pair => pair.candidate)];

    /// <summary>The Levenshtein distance: insertions, deletions and substitutions.</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }
        return row[b.Length];
    }
}
