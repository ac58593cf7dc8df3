using Attn.Kernels.Tests.Linear;
using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.SoftmaxFamily;

/// <summary>Measured on the whole process, and so with no other test beside it.</summary>
[Collection(nameof(Alone))]
public class BlockSparseMemoryTests
{
    [Fact]
    public void A_training_step_holds_no_matrix_of_all_pairs()
    {
        Assert.SkipUnless(ResidentMemory.CanBeMeasured, "needs Linux to measure native memory");
        const long Length = 4096;
        var pattern = BlockPattern.LocalGlobalStrided(32, window: 1, global: 1);
        Train(pattern, 256, gathered: true);
        var (gathered, masked) = (Train(pattern, Length, gathered: true), Train(pattern, Length, gathered: false));
        Assert.InRange(gathered, 0, Length * Length * sizeof(float) / 2);
        Assert.InRange(masked, Length * Length * sizeof(float), long.MaxValue); // The measurement does see one.
    }

    private static long Train(BlockPattern pattern, long length, bool gathered) => ResidentMemory.PeakOver(() =>
    {
        using var scope = NewDisposeScope();
        Tensor Leaf(long seed) => Normal(seed, ScalarType.Float32, 1, 1, length, 16).requires_grad_(true);
        var (q, k, v) = (Leaf(1), Leaf(2), Leaf(3));
        var output = gathered ? BlockSparse.Gathered(q, k, v, pattern, causal: true) : BlockSparse.Masked(q, k, v, pattern, causal: true);
        output.square().sum().backward();
        Assert.NotNull(q.grad);
    });
}
