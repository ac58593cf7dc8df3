using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// Images of 8×8 tokens, nearly all background: four tokens show a prototype with its label, four others a prototype alone, and each of these is
/// to tell the label that its prototype has in this image. A token with a label is to tell its own; the background is not asked.
/// </summary>
public static class DenseLookup
{
    /// <summary>Tokens of an image.</summary>
    public const int Tokens = 64;

    /// <summary>Channels of a token: a prototype's, and one a label.</summary>
    public const int Dim = 16;

    /// <summary>Labels; chance is one in so many.</summary>
    public const int Labels = 4;

    /// <summary>Pairs of an image, and questions.</summary>
    public const int Pairs = 4;

    private const int Content = Dim - Labels, Prototypes = 8;
    private const double Noise = 0.1;

    /// <summary>Draws images. The prototypes are the same in all of them.</summary>
    /// <param name="batch">B, how many.</param>
    /// <param name="random">The source of the draw.</param>
    /// <exception cref="ArgumentException">Fewer than one image.</exception>
    public static LookupBatch Sample(int batch, Random random)
    {
        if (batch < 1)
            throw new ArgumentException($"batch: got {batch}, needs at least 1.", nameof(batch));
        var (places, shown, answers) = (new long[2 * batch * Pairs], new float[2 * batch * Pairs, Dim], new long[2 * batch * Pairs]);
        var (cells, prototypes) = (Enumerable.Range(0, Tokens).ToArray(), Enumerable.Range(0, Prototypes).ToArray());
        for (var pair = 0; pair < batch * Pairs; pair++)
        {
            var i = pair % Pairs;
            if (i == 0)
            {
                random.Shuffle(cells);
                random.Shuffle(prototypes);
            }
            var (question, image) = (batch * Pairs + pair, pair / Pairs * Tokens);
            (places[pair], places[question]) = (image + cells[i], image + cells[Pairs + i]);
            answers[pair] = answers[question] = random.Next(Labels);
            for (var c = 0; c < Content; c++)
                shown[pair, c] = shown[question, c] = Table[prototypes[i], c];
            shown[pair, Content + answers[pair]] = 2;
        }

        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)random.NextInt64(), CPU);
        var at = tensor(places);
        var inputs = (Noise * randn([batch * Tokens, Dim], generator: generator)).index_add_(0, at, tensor(shown), 1);
        var asked = at.narrow(0, batch * Pairs, batch * Pairs).clone();
        var targets = full([batch * Tokens], SequenceBatch.NoTarget, ScalarType.Int64).index_copy(0, at, tensor(answers));
        return new(inputs.view(batch, Tokens, Dim).MoveToOuterDisposeScope(), targets.MoveToOuterDisposeScope(), asked.MoveToOuterDisposeScope());
    }

    private static float[,] Table { get; } = MakeTable();

    private static float[,] MakeTable()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(77UL, CPU);
        var values = randn([Prototypes, Content], generator: generator).data<float>().ToArray();
        var table = new float[Prototypes, Content];
        Buffer.BlockCopy(values, 0, table, 0, values.Length * sizeof(float));
        return table;
    }
}
