using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// Key-value pairs and one key to look up: a needle among distractors, of which there may be more at test than in training.
/// </summary>
public static class KeyValueRecall
{
    /// <summary>Key ids, from 0.</summary>
    public const int Keys = 256;

    /// <summary>Value ids, from 0.</summary>
    public const int Values = 32;

    /// <summary>Draws sequences. Keys of a sequence differ as long as there are enough; beyond that the others repeat, never the one asked for.</summary>
    /// <param name="batch">B, how many.</param>
    /// <param name="pairs">N, pairs of each.</param>
    /// <param name="random">The source of the draw.</param>
    /// <exception cref="ArgumentException">A size below 1.</exception>
    public static RecallBatch Sample(int batch, int pairs, Random random)
    {
        foreach (var (size, name) in new[] { (batch, nameof(batch)), (pairs, nameof(pairs)) })
            if (size < 1)
                throw new ArgumentException($"{name}: got {size}, needs at least 1.", name);
        var (keys, values) = (new long[batch, pairs], new long[batch, pairs]);
        var (asked, answers) = (new long[batch], new long[batch]);
        var ids = Enumerable.Range(0, Keys).ToArray();
        for (var b = 0; b < batch; b++)
        {
            var needle = random.Next(pairs);
            for (var i = 0; i < Math.Min(pairs, Keys); i++)
            {
                var chosen = random.Next(i, Keys);
                (ids[i], ids[chosen]) = (ids[chosen], ids[i]);
            }

            for (var i = 0; i < pairs; i++)
            {
                var other = pairs <= Keys ? i : random.Next(1, Keys);
                (keys[b, i], values[b, i]) = (ids[pairs > Keys && i == needle ? 0 : other], random.Next(Values));
            }

            (asked[b], answers[b]) = (keys[b, needle], values[b, needle]);
        }

        return new(tensor(keys), tensor(values), tensor(asked), tensor(answers));
    }
}
