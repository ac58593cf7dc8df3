using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// The running sum of ±1 and ±2 since the last reset: what a model can only tell that forgets on command.
/// </summary>
public static class ResetSum
{
    /// <summary>Token ids, from 0: the reset, −2, −1, 1, 2.</summary>
    public const int Vocabulary = 5;

    /// <summary>The id of the reset.</summary>
    public const int Reset = 0;

    private const double ResetShare = 0.08;
    private static readonly int[] Steps = [0, -2, -1, 1, 2];

    /// <summary>Draws sequences.</summary>
    /// <param name="batch">How many.</param>
    /// <param name="length">T, tokens of each.</param>
    /// <param name="random">The source of the draw.</param>
    /// <returns>Token ids <c>[B,T]</c>, int64, and the sum at each place, its own token included, <c>[B,T]</c>, float32.</returns>
    public static (Tensor Tokens, Tensor Sums) Sample(int batch, int length, Random random)
    {
        var (tokens, sums) = (new long[batch, length], new float[batch, length]);
        for (var b = 0; b < batch; b++)
        {
            var sum = 0;
            for (var t = 0; t < length; t++)
            {
                var token = random.NextDouble() < ResetShare ? Reset : random.Next(1, Vocabulary);
                sum = token == Reset ? 0 : sum + Steps[token];
                (tokens[b, t], sums[b, t]) = (token, sum);
            }
        }

        return (tensor(tokens), tensor(sums));
    }
}
