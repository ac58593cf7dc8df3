using Attn.Tests;
using static TorchSharp.torch;
using Flash = Attn.Kernels.FlashAttention;

namespace Attn.Kernels.Tests.FlashAttention;

/// <summary>Native memory, which neither the garbage collector nor a count of managed handles feels.</summary>
[Collection(AloneCollection.Name)]
public class MemoryTests
{
    [Fact]
    public void Training_steps_give_back_the_memory_of_their_graphs()
    {
        void Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                var q = randn(1, 1, 1024, 256).requires_grad_(true);
                BackwardFailures.Backward(Flash.Attend(q, q, q, tile: new(1024, 1024)).sum());
            }
        }

        Steps(3);
        var growth = new long[4];
        for (var batch = 0; batch < growth.Length; batch++)
        {
            var before = Resident();
            Steps(20);
            growth[batch] = (Resident() - before) >> 20;
        }

        // Graphs that were kept would hold 2 MiB a step and so 40 a batch, in each; what the allocator takes for itself comes once.
        Assert.True(growth.Min() < 20, $"{string.Join(", ", growth)} MiB more after 20 steps each");
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
