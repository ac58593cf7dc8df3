using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>One telling token among noise: its identity is the text's class. Texts may be longer at test than in training; chance is 1/16.</summary>
public static class PasskeyTask
{
    /// <summary>Classes, and the ids of the telling tokens, from 0.</summary>
    public const int Classes = 16;

    /// <summary>The id of the token before every text.</summary>
    public const int Cls = 96;

    /// <summary>Token ids: the telling ones, noise, CLS.</summary>
    public const int Vocabulary = Cls + 1;

    /// <summary>Draws texts.</summary>
    /// <param name="batch">B, at least 1.</param>
    /// <param name="length">n, tokens without CLS, at least 1.</param>
    /// <param name="random">The source of the draw.</param>
    /// <returns>Tokens <c>[B,n+1]</c>, CLS first, and classes <c>[B]</c>; both int64.</returns>
    /// <exception cref="ArgumentException">A size below 1.</exception>
    public static (Tensor Texts, Tensor Labels) Sample(int batch, int length, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        foreach (var (size, name) in new[] { (batch, nameof(batch)), (length, nameof(length)) })
            if (size < 1)
                throw new ArgumentException($"{name}: got {size}, needs at least 1.", name);
        var (texts, labels) = (new long[batch, length + 1], new long[batch]);
        for (var b = 0; b < batch; b++)
        {
            texts[b, 0] = Cls;
            for (var t = 1; t <= length; t++)
                texts[b, t] = random.Next(Classes, Cls);
            labels[b] = random.Next(Classes);
            texts[b, random.Next(1, length + 1)] = labels[b];
        }

        return (tensor(texts), tensor(labels));
    }
}
