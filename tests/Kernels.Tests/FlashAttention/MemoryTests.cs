using static TorchSharp.torch;
using Flash = Attn.Kernels.FlashAttention;

namespace Attn.Kernels.Tests.FlashAttention;

/// <summary>Native memory, which neither the garbage collector nor a count of managed handles feels.</summary>
[Collection(Conformance.AloneCollection.Name)]
public class MemoryTests
{
    [Fact]
    public void Training_steps_give_back_the_memory_of_their_graphs()
    {
        // A graph that were kept would hold more than 2 MiB a step.
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
        var before = Resident();
        Steps(60);
        Assert.True(Resident() - before < 40 << 20, $"{(Resident() - before) >> 20} MiB more after 60 steps");
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.WorkingSet64;
    }
}
