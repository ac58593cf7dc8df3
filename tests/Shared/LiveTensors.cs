using TorchSharp;

namespace Attn.Tests;

/// <summary>Counts tensors. A test that does stands in the <see cref="AloneCollection"/>: others in the same process make some too.</summary>
internal static class LiveTensors
{
    /// <summary>The tensors left when the garbage of earlier tests is gone: a graph's end lets go of the next graph, so once is not enough.</summary>
    public static long Collected()
    {
        long before;
        do
        {
            before = torch.Tensor.TotalCount;
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        while (torch.Tensor.TotalCount != before);
        return before;
    }
}
