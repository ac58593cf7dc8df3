using Attn.Kernels;

namespace Attn.Notebook.Commands;

/// <summary>What a misspelt word may have meant.</summary>
internal static class Suggestion
{
    private const int Shown = 12;

    /// <summary>The end of a sentence: <c>; did you mean 'x'?</c>, or what there is when nothing is near.</summary>
    public static string Of(string word, IEnumerable<string> known)
    {
        var all = known.Order(StringComparer.Ordinal).ToArray();
        if (ClosestIds.To(word, all) is [var nearest, ..])
            return $"; did you mean '{nearest}'?";
        return all.Length == 0 ? "; there are none yet." : $"; there are {string.Join(", ", all.Take(Shown))}{(all.Length > Shown ? ", …" : "")}.";
    }
}
