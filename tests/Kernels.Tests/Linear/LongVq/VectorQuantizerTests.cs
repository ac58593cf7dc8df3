using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class VectorQuantizerTests
{
    [Fact]
    public void An_update_is_the_moving_average_of_counts_and_sums()
    {
        using var scope = NewDisposeScope();
        using var quantizer = new VectorQuantizer(2, 5, 3, decay: 0.9);
        var (before, k) = (quantizer.Codebook.clone(), Normal(1, ScalarType.Float32, 2, 2, 20, 3));
        var codes = Codebook.Assign(k, before);
        quantizer.Update(k);
        for (var h = 0; h < 2; h++)
            for (var c = 0; c < 5; c++)
            {
                var mine = codes.select(1, h).eq(c).unsqueeze(-1);
                var (sum, count) = ((k.select(1, h) * mine).sum([0, 1]), mine.sum().item<long>());
                var expected = (0.9 * before[0, h, c] + 0.1 * sum) / (0.9 + 0.1 * count);
                Assert.True((expected - quantizer.Codebook[0, h, c]).abs().max().item<float>() < 1e-5);
            }
    }

    [Fact]
    public void Codes_made_of_few_vectors_are_those_vectors()
    {
        using var scope = NewDisposeScope();
        using var quantizer = new VectorQuantizer(1, 4, 3);
        var k = Normal(1, ScalarType.Float32, 1, 1, 4, 3);
        quantizer.InitialiseFrom(k.repeat(1, 1, 5, 1).index_select(2, arange(4)), iterations: 3, seed: 1);
        Assert.True((Codebook.Quantise(k, quantizer.Codebook) - k).abs().max().item<float>() < 1e-6);
        Assert.Equal([1, 1, 1, 1], quantizer.Usage(k).flatten().data<long>().ToArray());
    }

    [Fact]
    public void Lloyds_iterations_lower_the_error()
    {
        using var scope = NewDisposeScope();
        var k = Normal(1, ScalarType.Float32, 3, 2, 60, 4);
        double Error(int iterations)
        {
            using var quantizer = new VectorQuantizer(2, 8, 4);
            quantizer.InitialiseFrom(k, iterations, seed: 1);
            return (Codebook.Quantise(k, quantizer.Codebook) - k).square().sum().item<float>();
        }
        Assert.True(Error(0) > Error(2) && Error(2) > Error(10));
    }

    [Fact]
    public void Dead_codes_come_back_as_vectors_and_living_ones_stay()
    {
        using var scope = NewDisposeScope();
        using var quantizer = new VectorQuantizer(1, 6, 3, decay: 0.5);
        var k = 0.1 * Normal(1, ScalarType.Float32, 1, 1, 50, 3) + quantizer.Codebook.narrow(2, 2, 1);
        for (var i = 0; i < 20; i++)
            quantizer.Update(k);
        var before = quantizer.Codebook.clone();
        Assert.Equal(5, quantizer.Revive(k, share: 0.1, seed: 1));
        Assert.True(quantizer.Codebook.select(2, 2).eq(before.select(2, 2)).all().item<bool>());
        Assert.True(quantizer.Usage(k).gt(0).sum().item<long>() >= 5);
    }

    [Fact]
    public void The_gradient_passes_straight_to_the_keys_and_to_the_codes_that_are_used()
    {
        using var scope = NewDisposeScope();
        var (k, codebook) = (Normal(1, 1, 1, 9, 3).requires_grad_(true), Normal(2, 1, 1, 4, 3).requires_grad_(true));
        var weights = Normal(3, 1, 1, 9, 3);
        (Codebook.Quantise(k, codebook) * weights).sum().backward();
        AssertClose(weights, k.grad!);
        AssertClose(weights.sum([2]), codebook.grad!.sum([2]));
    }
}
