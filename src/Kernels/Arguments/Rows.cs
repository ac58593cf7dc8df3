using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Picks query rows from tensors <c>[B,H,T,·]</c>.</summary>
internal static class Rows
{
    /// <summary>The chosen rows of dimension 2, in the order asked for; the tensor itself when none are chosen.</summary>
    public static Tensor Pick(this Tensor tensor, IReadOnlyList<int>? rows)
    {
        if (rows is null)
            return tensor.alias();
        using var index = Index(rows, tensor.device);
        return tensor.index_select(2, index);
    }

    private static Tensor Index(IReadOnlyList<int> rows, Device device) => TorchSharp.torch.tensor(rows.Select(row => (long)row).ToArray(), device: device);
}
