using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Fresh weights that a seed fixes, whatever was drawn before.</summary>
internal static class Weights
{
    /// <summary>
    /// Linear maps: normal with deviation 1/√(inputs), cut at two deviations, biases 0. Embeddings: normal with deviation 1/√d. Other
    /// parameters stay as their layers made them.
    /// </summary>
    public static void Initialise(nn.Module model, int seed)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        foreach (var module in model.modules())
            switch (module)
            {
                case Linear linear:
                    Fill(linear.weight!, CutNormal(linear.weight!.shape, generator) / Math.Sqrt(linear.weight.shape[1]));
                    linear.bias?.zero_();
                    break;
                case Embedding embedding:
                    Fill(embedding.weight!, randn(embedding.weight!.shape, generator: generator) / Math.Sqrt(embedding.weight.shape[1]));
                    break;
            }
    }

    private static void Fill(Tensor parameter, Tensor values) => parameter.copy_(values);

    /// <summary>A standard normal between −2 and 2, by the inverse of its distribution function.</summary>
    private static Tensor CutNormal(long[] shape, Generator generator)
    {
        const double Inside = 0.9544997361036416; // the normal's mass between −2 and 2
        return (Inside * (2 * rand(shape, ScalarType.Float64, generator: generator) - 1)).erfinv() * Math.Sqrt(2);
    }
}
