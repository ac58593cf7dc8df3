using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Sequences to learn from.</summary>
/// <param name="Inputs">Token ids, <c>[B,T]</c>, int64.</param>
/// <param name="Targets">The token to be told at each place, <c>[B,T]</c>, int64; <see cref="NoTarget"/> where none is.</param>
public sealed record SequenceBatch(Tensor Inputs, Tensor Targets)
{
    /// <summary>The target of a place that counts in no loss.</summary>
    public const long NoTarget = -100;

    internal static SequenceBatch Of(long[,] inputs, long[,] targets) => new(tensor(inputs), tensor(targets));
}
