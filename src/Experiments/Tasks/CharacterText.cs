namespace Attn.Experiments;

/// <summary>A real text to learn character by character: windows of its first part to train on, of its last part to test with.</summary>
public sealed class CharacterText
{
    private readonly long[] _train, _test;

    /// <param name="text">The text.</param>
    /// <param name="heldOut">The share of it, at the end, that is kept for the test; between 0 and 1.</param>
    /// <exception cref="ArgumentException">A share out of range, or a text of which one part has fewer than two characters.</exception>
    public CharacterText(string text, double heldOut = 0.1)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!(heldOut > 0 && heldOut < 1))
            throw new ArgumentException($"heldOut: got {heldOut}, needs a number between 0 and 1.", nameof(heldOut));
        Characters = [.. text.Distinct().Order()];
        var split = (int)Math.Round(text.Length * (1 - heldOut));
        (_train, _test) = (Encode(text[..split]), Encode(text[split..]));
        if (Math.Min(_train.Length, _test.Length) < 2)
            throw new ArgumentException($"text: got {text.Length} characters, needs two or more in each part.", nameof(text));
    }

    /// <summary>Lewis Carroll, <i>Alice's Adventures in Wonderland</i> (1865), chapters 1 and 2, without verses; in the public domain.</summary>
    public static string Alice { get; } = ReadAlice();

    /// <summary>The different characters, in the order of their token ids.</summary>
    public IReadOnlyList<char> Characters { get; }

    /// <summary>The test's loss, nats a character, of whoever knows how frequent characters are in the training part and nothing else.</summary>
    public double FrequencyLoss
    {
        get
        {
            var counts = Enumerable.Repeat(1.0, Characters.Count).ToArray(); // One more of each: a character may be new to the test.
            foreach (var id in _train)
                counts[id]++;
            return Math.Log(counts.Sum()) - _test.Average(id => Math.Log(counts[id]));
        }
    }

    /// <summary>The token ids of a text.</summary>
    /// <exception cref="ArgumentException">A character that is not among <see cref="Characters"/>.</exception>
    public long[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = Characters.Index().ToDictionary(pair => pair.Item, pair => (long)pair.Index);
        return [.. text.Select(c => ids.TryGetValue(c, out var id)
            ? id
            : throw new ArgumentException($"text: got '{c}', needs one of the {Characters.Count} characters of the text it was made of.", nameof(text)))];
    }

    /// <summary>The text of token ids.</summary>
    public string Decode(IEnumerable<long> ids) => string.Concat(ids.Select(id => Characters[(int)id]));

    /// <summary>Draws windows; every place has the next character as its target.</summary>
    /// <param name="batch">B, how many.</param>
    /// <param name="length">T, characters of each.</param>
    /// <param name="random">The source of the draw.</param>
    /// <param name="test">Whether from the part that is kept for the test.</param>
    /// <returns>Tokens and targets, <c>[B,T]</c>.</returns>
    /// <exception cref="ArgumentException">No window, or one longer than the part it is drawn from.</exception>
    public SequenceBatch Sample(int batch, int length, Random random, bool test = false)
    {
        ArgumentNullException.ThrowIfNull(random);
        var part = test ? _test : _train;
        if (batch < 1)
            throw new ArgumentException($"batch: got {batch}, needs at least 1.", nameof(batch));
        if (length < 1 || length >= part.Length)
            throw new ArgumentException($"length: got {length}, needs from 1 to {part.Length - 1}, the part's characters less one.", nameof(length));
        var (inputs, targets) = (new long[batch, length], new long[batch, length]);
        for (var b = 0; b < batch; b++)
        {
            var start = random.Next(part.Length - length);
            for (var t = 0; t < length; t++)
                (inputs[b, t], targets[b, t]) = (part[start + t], part[start + t + 1]);
        }

        return SequenceBatch.Of(inputs, targets);
    }

    private static string ReadAlice()
    {
        using var reader = new StreamReader(typeof(CharacterText).Assembly.GetManifestResourceStream("alice.txt")!);
        return reader.ReadToEnd();
    }
}
