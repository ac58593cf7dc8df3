using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Fresh weights that a seed fixes, whatever was drawn before.</summary>
internal static class Weights
{
    /// <summary>
    /// Linear maps, those under σReparam too: normal with deviation 1/√(inputs), cut at two deviations, biases 0. Embeddings: normal with deviation 1/√d. Short
    /// convolutions: uniform up to 1/√K. Other parameters stay as their layers made them.
    /// </summary>
    public static void Initialise(nn.Module model, int seed) => Initialise(model.modules(), seed);

    /// <summary>As the other, in the order of the modules.</summary>
    public static void Initialise(IEnumerable<nn.Module> modules, int seed)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        foreach (var module in modules)
            switch (module)
            {
                case Linear linear:
                    Fill(linear.weight!, CutNormal.Draw(linear.weight!.shape, generator) / Math.Sqrt(linear.weight.size(1)));
                    linear.bias?.zero_();
                    break;
                case SigmaReparamLinear sigma:
                    sigma.Initialise(CutNormal.Draw(sigma.Weight.shape, generator) / Math.Sqrt(sigma.Weight.size(1)));
                    break;
                case ShortConvolution convolution:
                    Fill(convolution.Taps, Uniform(convolution.Taps, convolution.Taps.size(0), generator));
                    break;
                case Embedding embedding:
                    Fill(embedding.weight!, randn(embedding.weight!.shape, generator: generator) / Math.Sqrt(embedding.weight.size(1)));
                    break;
            }
    }

    /// <summary>
    /// Linear maps and convolutions as PyTorch makes them: weights and biases uniform within ±1/√(inputs of an output). Other parameters
    /// stay as their layers made them.
    /// </summary>
    public static void InitialiseUniform(nn.Module model, int seed)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        foreach (var module in model.modules())
        {
            var (weight, bias) = module switch
            {
                Linear linear => (linear.weight, linear.bias),
                Conv1d convolution => (convolution.weight, convolution.bias),
                ShortConvolution convolution => (convolution.Taps, null),
                _ => (null, null),
            };
            if (weight is null)
                continue;
            var inputs = module is ShortConvolution ? weight.size(0) : weight[0].numel();
            foreach (var parameter in new[] { weight, bias }.OfType<Tensor>())
                Fill(parameter, Uniform(parameter, inputs, generator));
        }
    }

    /// <summary>As <see cref="InitialiseUniform"/>, and embeddings standard normal, as PyTorch makes those.</summary>
    public static void InitialiseAsTorch(nn.Module model, int seed)
    {
        InitialiseUniform(model, seed);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        foreach (var embedding in model.modules().OfType<Embedding>())
            Fill(embedding.weight!, randn(embedding.weight!.shape, generator: generator));
    }

    private static Tensor Uniform(Tensor like, long inputs, Generator generator) =>
        (2 * rand(like.shape, generator: generator) - 1) / Math.Sqrt(inputs);

    private static void Fill(Tensor parameter, Tensor values) => parameter.copy_(values);
}
