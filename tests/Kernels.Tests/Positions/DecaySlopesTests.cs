using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Positions;

public class DecaySlopesTests
{
    [Fact]
    public void Alibi_slopes_of_eight_heads_halve_and_those_of_twelve_are_interleaved()
    {
        Assert.Equal([0.5, 0.25, 0.125, 1 / 16.0, 1 / 32.0, 1 / 64.0, 1 / 128.0, 1 / 256.0], DecaySlopes.Alibi(8));
        var twelve = DecaySlopes.Alibi(12);
        Assert.Equal(DecaySlopes.Alibi(8), twelve[..8]);
        Assert.Equal([0.7071, 0.3536, 0.1768, 0.0884], twelve[8..].Select(slope => Math.Round(slope, 4)));
    }

    [Fact]
    public void The_papers_formula_and_the_codes_differ_by_orders_of_magnitude()
    {
        var paper = DecaySlopes.Paper(8).Select(slope => Math.Exp(-slope)).ToArray();
        Assert.Equal(0.37, paper[0], 2);
        Assert.Equal(0.14, paper[1], 2);
        Assert.Equal(0.0003, paper[7], 4);
        Assert.Equal(0.996, Math.Exp(-DecaySlopes.Alibi(8)[7]), 3);
    }

    [Fact]
    public void The_last_layer_hardly_forgets_and_one_layer_alone_is_the_first()
    {
        Assert.Equal(0.5 * 1e-5, DecaySlopes.ForLayer([0.5], 3, 4)[0], 12);
        Assert.Equal(0.5 * (1 + 1e-5), DecaySlopes.ForLayer([0.5], 0, 1)[0], 12);
        Assert.Equal(4, DecaySlopes.Paper(2, 0, 4)[0], 12);
        Assert.Equal(1, DecaySlopes.Paper(2, 3, 4)[0], 12);
    }

    [Fact]
    public void Retention_decays_are_one_minus_powers_of_two() =>
        Assert.Equal([1 - 1 / 32.0, 1 - 1 / 64.0], DecaySlopes.Retention(2).Select(slope => Math.Round(Math.Exp(-slope), 12)));

    [Fact]
    public void The_mask_is_the_power_of_the_decay_below_the_diagonal()
    {
        using var scope = NewDisposeScope();
        var mask = DecaySlopes.Mask([0, 0.5], 4);
        Assert.Equal(1, mask[0, 3, 0].item<double>());
        Assert.Equal(Math.Exp(-1.5), mask[1, 3, 0].item<double>(), 12);
        Assert.Equal(0, mask.triu(1).abs().max().item<double>());
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("heads: got 0", Assert.Throws<ArgumentException>(() => DecaySlopes.Alibi(0)).Message);
        Assert.StartsWith("layer: got 4, needs a layer from 0 to 3", Assert.Throws<ArgumentException>(() => DecaySlopes.ForLayer([1], 4, 4)).Message);
        Assert.StartsWith("slopes: got -1", Assert.Throws<ArgumentException>(() => DecaySlopes.LogDecay([-1])).Message);
    }
}
