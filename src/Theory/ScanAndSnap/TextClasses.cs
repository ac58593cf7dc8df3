using System.Text.RegularExpressions;
using Attn.Theory.Numerics;

namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// Real text as sequence classes: a class is a pair of neighbouring words, its query and its answer, and P(l|n) how often word l stands in the
/// window before such a pair.
/// </summary>
public sealed partial class TextClasses
{
    private TextClasses(IReadOnlyList<string> words, SequenceClasses data, IReadOnlyList<int> counts) =>
        (Words, Data, Counts) = (words, data, counts);

    /// <summary>Lewis Carroll, <i>Alice's Adventures in Wonderland</i> (1865), chapters 1 and 2: 4063 words, 875 different ones. In the public
    /// domain; verses, letters and emphasis are left out.</summary>
    public static string Alice { get; } = ReadAlice();

    /// <summary>The words in the order of their ids, lower case.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The classes; M is the number of different words of the text.</summary>
    public SequenceClasses Data { get; }

    /// <summary>How often each word stands in the windows of all classes together.</summary>
    public IReadOnlyList<int> Counts { get; }

    /// <summary>The most frequent pairs of neighbouring words of a text, each answer in its most frequent pair only.</summary>
    /// <param name="text">Any text; words are letters, with apostrophes and hyphens inside them.</param>
    /// <param name="classes">K, how many pairs.</param>
    /// <param name="window">How many words before the query make a context.</param>
    /// <param name="deal">A seed by which windows are dealt out to the classes at random, so that they tell nothing about the answer: a
    /// control. Null to leave each window to its own class.</param>
    /// <exception cref="ArgumentException">A count below 1, or a text with fewer such pairs.</exception>
    public static TextClasses MostFrequent(string text, int classes, int window, long? deal = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (classes < 1)
            throw new ArgumentException($"classes: got {classes}, needs at least 1.", nameof(classes));
        if (window < 1)
            throw new ArgumentException($"window: got {window}, needs at least 1.", nameof(window));
        string[] read = [.. Word().Matches(text.ToLowerInvariant()).Select(match => match.Value)];
        string[] words = [.. read.Distinct().Order(StringComparer.Ordinal)];
        var ids = read.Select(word => Array.BinarySearch(words, word, StringComparer.Ordinal)).ToArray();

        var places = Enumerable.Range(window, Math.Max(0, ids.Length - 1 - window)); // Of queries.
        var pairs = places.GroupBy(i => (Query: ids[i], Next: ids[i + 1]))
            .OrderByDescending(pair => pair.Count()).ThenBy(pair => pair.Key).DistinctBy(pair => pair.Key.Next).Take(classes).ToArray();
        if (pairs.Length < classes)
            throw new ArgumentException($"text: got {pairs.Length} different answers after windows of {window} words, needs {classes}.", nameof(text));

        var windows = pairs.SelectMany((pair, n) => pair.Select(place => (Class: n, Place: place))).ToArray();
        if (deal is { } seed)
            Shuffle(windows, new Xoshiro256(seed));
        var (contexts, counts) = (new double[classes, words.Length], new int[words.Length]);
        foreach (var (n, place) in windows)
            foreach (var word in ids.AsSpan(place - window, window))
            {
                contexts[n, word]++;
                counts[word]++;
            }

        var data = SequenceClasses.Custom(contexts, [.. pairs.Select(pair => pair.Key.Query)], [.. pairs.Select(pair => pair.Key.Next)]);
        return new(words, data, counts);
    }

    private static void Shuffle((int Class, int Place)[] windows, Xoshiro256 random)
    {
        for (var i = windows.Length - 1; i > 0; i--)
        {
            var j = random.NextIndex(i + 1);
            (windows[i].Class, windows[j].Class) = (windows[j].Class, windows[i].Class);
        }
    }

    private static string ReadAlice()
    {
        using var reader = new StreamReader(typeof(TextClasses).Assembly.GetManifestResourceStream("alice.txt")!);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("[a-z]+(?:['-][a-z]+)*")]
    private static partial Regex Word();
}
