using Attn.Theory.Numerics;
using Attn.Theory.ScanAndSnap;

namespace Theory.Tests.ScanAndSnap;

internal static class RandomModels
{
    /// <summary>A model whose tables are uniform in ±<paramref name="scale"/>.</summary>
    public static ScanSnapModel Create(int vocabulary, long seed, double scale = 1)
    {
        var (model, random) = (new ScanSnapModel(vocabulary), new Xoshiro256(seed));
        foreach (var table in (double[][])[model.Y, model.Z])
            for (var i = 0; i < table.Length; i++)
                table[i] = scale * (2 * random.NextDouble() - 1);
        return model;
    }

    /// <summary>A context as token ids, and as the counts that Lemma 1 takes.</summary>
    public static (int[] Context, ContextSample Sample) Context(int vocabulary, int length, long seed)
    {
        var random = new Xoshiro256(seed);
        var context = Enumerable.Range(0, length).Select(_ => random.NextIndex(vocabulary)).ToArray();
        var counts = new double[vocabulary];
        foreach (var token in context)
            counts[token]++;
        return (context, new([.. Enumerable.Range(0, vocabulary)], counts, random.NextIndex(vocabulary), random.NextIndex(vocabulary)));
    }

    public static double MaxDifference(double[] a, double[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

    /// <summary>K classes over M tokens with random contexts, one query token, and a token that all classes share.</summary>
    public static SequenceClasses Classes(int classes, int vocabulary, long seed)
    {
        var random = new Xoshiro256(seed);
        var contexts = new double[classes, vocabulary];
        for (var n = 0; n < classes; n++)
        {
            contexts[n, 0] = 0.1 + random.NextDouble();
            for (var l = 1; l < vocabulary; l++)
                contexts[n, l] = l % classes == n ? 0.05 + random.NextDouble() : 0;
        }

        return SequenceClasses.Custom(contexts, [.. Enumerable.Repeat(vocabulary - 1, classes)], [.. Enumerable.Range(0, classes)]);
    }
}
