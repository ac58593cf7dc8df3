using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>One tile of tokens and the decays in it.</summary>
/// <param name="Start">Its first token.</param>
/// <param name="Size">How many tokens.</param>
/// <param name="Mask">M <c>[B|1,H,size,size]</c>.</param>
/// <param name="Query">The factors of its queries <c>[B|1,H,size,1]</c>.</param>
/// <param name="Key">The factors of its keys <c>[B|1,H,size,1]</c>.</param>
/// <param name="Decay">λ^size <c>[B|1,H,1,1]</c>: what is left of the state after it.</param>
internal readonly record struct LightningTile(long Start, long Size, Tensor Mask, Tensor Query, Tensor Key, Tensor Decay)
{
    /// <summary>The tile's rows of a tensor <c>[B,H,T,·]</c>: a view.</summary>
    public Tensor Of(Tensor tensor) => tensor.narrow(2, Start, Size);

    /// <summary>The tile's rows in the accumulator's dtype.</summary>
    public Tensor Load(Tensor tensor, IoCounter? io = null)
    {
        var part = Of(tensor);
        return (io?.Read(part) ?? part).Widen();
    }
}
