using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Counts what functions with a backward pass of their own keep between the two passes.</summary>
public static class SavedElements
{
    [ThreadStatic]
    private static long _elements;

    /// <summary>The tensor elements that <paramref name="forward"/> saves for its backward pass, on this thread.</summary>
    /// <param name="forward">A forward pass of functions written here; what plain autograd saves is not counted.</param>
    public static long Count(Action forward)
    {
        ArgumentNullException.ThrowIfNull(forward);
        var before = _elements;
        forward();
        return _elements - before;
    }

    internal static void Add(IEnumerable<Tensor> tensors) => _elements += tensors.Sum(tensor => tensor.numel());
}
