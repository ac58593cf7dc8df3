using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

/// <summary>Measured on the whole process, and so with no other test beside it.</summary>
[Collection(nameof(Alone))]
public class ScalarDecayMemoryTests
{
    [Fact]
    public void Memory_of_a_training_step_grows_with_the_length_and_not_with_its_square()
    {
        Assert.SkipUnless(ResidentMemory.CanBeMeasured, "needs Linux to measure native memory");
        Train(512, parallel: false);
        var (chunked, longer, parallel) = (Train(4096, parallel: false), Train(8192, parallel: false), Train(4096, parallel: true));
        Assert.InRange(longer, 0, 3 * chunked + (8 << 20)); // A square would make it fourfold; the summand is what allocators keep.
        Assert.InRange(longer, 0, parallel / 2);
        Assert.InRange(parallel, 4096L * 4096 * sizeof(float), long.MaxValue); // The measurement does see a T×T matrix.

        static long Train(long length, bool parallel) => ResidentMemory.PeakOver(() =>
        {
            using var scope = NewDisposeScope();
            var (q, k, v) = (Leaf(1, length), Leaf(2, length), Leaf(3, length));
            var decay = full([1, 1, 1, 1], -0.01, ScalarType.Float32).requires_grad_(true);
            var result = parallel ? ScalarDecay.Parallel(q, k, v, decay) : ScalarDecay.Chunked(q, k, v, decay);
            result.Output.square().sum().backward();
            Assert.NotNull(q.grad);
        });

        static Tensor Leaf(long seed, long length) => Normal(seed, ScalarType.Float32, 1, 1, length, 32).requires_grad_(true);
    }
}
