using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Memory;

/// <summary>Random gates for the tests of this folder: θ in [0.05, 0.3], η in [0.1, 0.6], α in [0, 0.2].</summary>
internal static class TitansDraws
{
    public static MemoryGates Gates(long batch, long heads, long length, long seed = 7)
    {
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Share(double least, double most) => least + (most - least) * rand([batch, heads, length, 1], ScalarType.Float64, generator: generator);
        return new(Share(0.05, 0.3), Share(0.1, 0.6), Share(0, 0.2));
    }
}
