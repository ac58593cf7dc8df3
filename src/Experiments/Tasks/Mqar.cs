namespace Attn.Experiments;

/// <summary>
/// Multi-query associative recall: a sequence begins with pairs of a key and its value; after them every key is asked once more, and its
/// value is to be told there (Arora et al. 2023, arXiv 2312.04927). Keys are drawn from the first half of the vocabulary, values from the
/// second; what is neither pair nor question is a random token.
/// </summary>
/// <param name="Vocabulary">Token ids, from 0; even.</param>
/// <param name="Pairs">Keys of a sequence, all different, and as many values, all different.</param>
/// <param name="Length">Tokens of a sequence: at least four a pair.</param>
/// <param name="Power">a: a question stands at the g-th place for one after the pairs with a weight of g^{a−1}, so that a small a asks early.</param>
public sealed record Mqar(int Vocabulary, int Pairs, int Length, double Power = 0.01)
{
    /// <summary>Draws sequences; a target stands at the place of its question.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="random">The source of the draw.</param>
    /// <exception cref="ArgumentException">Sizes that do not fit each other.</exception>
    public SequenceBatch Sample(int batch, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        Require(batch >= 1, nameof(batch), batch, "at least 1");
        Require(Vocabulary >= 2 && Vocabulary % 2 == 0, nameof(Vocabulary), Vocabulary, "an even number of at least 2");
        Require(Pairs >= 1 && Pairs <= Vocabulary / 2, nameof(Pairs), Pairs, $"from 1 to {Vocabulary / 2}, half the vocabulary");
        Require(Length >= 4 * Pairs, nameof(Length), Length, $"at least {4 * Pairs}, two for each pair and two for each question");
        var (inputs, targets) = (new long[batch, Length], new long[batch, Length]);
        for (var b = 0; b < batch; b++)
        {
            for (var t = 0; t < Length; t++)
                (inputs[b, t], targets[b, t]) = (random.Next(Vocabulary), SequenceBatch.NoTarget);
            var (keys, values, places) = (Distinct(random), Distinct(random), Places(random));
            for (var i = 0; i < Pairs; i++)
            {
                var (key, value, asked) = (keys[i], Vocabulary / 2 + values[i], 2 * Pairs + 2 * places[i]);
                (inputs[b, 2 * i], inputs[b, 2 * i + 1], inputs[b, asked], targets[b, asked]) = (key, value, key, value);
            }
        }

        return SequenceBatch.Of(inputs, targets);
    }

    /// <summary>Different ids from the half of the vocabulary, in random order.</summary>
    private int[] Distinct(Random random)
    {
        var ids = Enumerable.Range(0, Vocabulary / 2).ToArray();
        random.Shuffle(ids);
        return ids[..Pairs];
    }

    /// <summary>The places of the questions, drawn one after another without replacement: the first to arrive of exponential clocks.</summary>
    private int[] Places(Random random) =>
    [
        .. Enumerable.Range(0, (Length - 2 * Pairs) / 2)
            .Select(place => (Place: place, Arrival: -Math.Log(1 - random.NextDouble()) / Math.Pow(place + 1, Power - 1)))
            .OrderBy(clock => clock.Arrival).Take(Pairs).Select(clock => clock.Place),
    ];

    private static void Require(bool holds, string name, int got, string needs)
    {
        if (!holds)
            throw new ArgumentException($"{name}: got {got}, needs {needs}.", name);
    }
}
