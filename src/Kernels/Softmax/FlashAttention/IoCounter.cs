using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Counts, while an algorithm really runs, the elements it moves between slow memory (HBM) and fast memory (SRAM), and the most
/// elements of temporaries that were alive at once; and, where the algorithm multiplies through it, floating-point operations.
/// </summary>
public sealed class IoCounter
{
    /// <summary>Elements read from slow memory.</summary>
    public long Reads { get; private set; }

    /// <summary>Elements written to slow memory.</summary>
    public long Writes { get; private set; }

    /// <summary>Reads and writes.</summary>
    public long Total => Reads + Writes;

    /// <summary>The most elements that temporaries (neither inputs nor the output) held at once, views counted as copies.</summary>
    public long PeakTemporaries { get; private set; }

    /// <summary>Floating-point operations of the matrix products; a multiply-add counts two.</summary>
    public long Flops { get; private set; }

    internal Tensor Product(Tensor left, Tensor right)
    {
        Flops += 2 * left.numel() * right.size(-1);
        return left.matmul(right);
    }

    internal Tensor Read(Tensor tensor)
    {
        Reads += tensor.numel();
        return tensor;
    }

    internal void Write(Tensor tensor) => Writes += tensor.numel();

    /// <summary>Notes what is alive in the scopes: all that was made in them and not yet disposed.</summary>
    internal void Observe(params ReadOnlySpan<DisposeScope> scopes)
    {
        var alive = 0L;
        foreach (var scope in scopes)
            alive += scope.DisposablesView.OfType<Tensor>().Sum(tensor => tensor.numel());
        PeakTemporaries = Math.Max(PeakTemporaries, alive);
    }
}
