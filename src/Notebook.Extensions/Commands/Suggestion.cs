namespace Attn.Notebook.Commands;

/// <summary>What a misspelt word may have meant.</summary>
internal static class Suggestion
{
    /// <summary>The end of a sentence: <c>; did you mean 'x'?</c>, or what there is when nothing is near.</summary>
    public static string Of(string word, IEnumerable<string> known)
    {
        var all = known.Order(StringComparer.Ordinal).ToArray();
        var near = all.Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(pair => pair.Distance <= Math.Max(1, word.Length / 3) || pair.Name.Contains(word, StringComparison.OrdinalIgnoreCase))
            .OrderBy(pair => pair.Distance).ToArray();
        if (near.Length > 0)
            return $"; did you mean '{near[0].Name}'?";
        return all.Length == 0 ? "; there are none yet." : $"; there are {string.Join(", ", all.Take(12))}{(all.Length > 12 ? ", …" : "")}.";
    }

    /// <summary>Edits that turn one word into the other (Levenshtein).</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
