using static TorchSharp.torch;

namespace Attn.Theory.IoComplexity;

/// <summary>What a machine does with elements that a later pass needs and fast memory has no room for.</summary>
public enum Overflow
{
    /// <summary>Computes them again, from inputs that are read again.</summary>
    Recompute,

    /// <summary>Writes them to slow memory and reads them back.</summary>
    Spill,
}

/// <summary>What a run over tiles gave, and what it moved; all in elements.</summary>
/// <param name="Outputs">The tensors that no line reads, and their values.</param>
/// <param name="Reads">Elements of each input that were read from slow memory.</param>
/// <param name="Spilled">Elements written to slow memory for a later pass, and read back.</param>
/// <param name="Written">Elements of the outputs.</param>
/// <param name="Carried">The most elements of computed tensors held from one tile to the next; what is complete of an output is not.</param>
public sealed record TileRun(
    IReadOnlyDictionary<string, Tensor> Outputs, IReadOnlyDictionary<string, long> Reads, long Spilled, long Written, long Carried)
{
    /// <summary>Everything between slow and fast memory.</summary>
    public long Traffic => Reads.Values.Sum() + Spilled + Written;
}
