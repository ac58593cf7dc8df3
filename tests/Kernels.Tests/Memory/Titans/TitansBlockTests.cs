using TorchSharp;
using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Memory;

public class TitansBlockTests
{
    private const int Length = 21, Segment = 8;

    public static TheoryData<TitansVariant> Variants => [.. Enum.GetValues<TitansVariant>()];

    [Theory]
    [MemberData(nameof(Variants))]
    public void An_output_does_not_depend_on_what_comes_later(TitansVariant variant)
    {
        using var scope = NewDisposeScope();
        var moved = Moved(variant, fullRecall: false, at: 10);
        Assert.All(moved[..10], change => Assert.Equal(0, change));
        Assert.True(moved[10] > 1e-5 && moved[^1] > 1e-8);
    }

    [Fact]
    public void Full_recall_looks_ahead_in_its_segment_and_no_further_back()
    {
        using var scope = NewDisposeScope();
        var moved = Moved(TitansVariant.Mac, fullRecall: true, at: 10);
        Assert.All(moved[..Segment], change => Assert.Equal(0, change));
        Assert.True(moved[Segment] > 1e-6);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_left_the_window_is_carried_by_the_memory(TitansVariant variant)
    {
        using var scope = NewDisposeScope();
        Assert.True(Moved(variant, fullRecall: false, at: 0)[^1] > 1e-9);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_parameter_is_learned_through_the_inner_updates(TitansVariant variant)
    {
        using var scope = NewDisposeScope();
        using var block = new TitansBlock(variant, new(8, 2) { Depth = 2, Expansion = 2, Chunk = 4, Window = Segment, Persistent = 2 });
        block.call(Normal(1, ScalarType.Float32, 2, Length, 8)).square().sum().backward();
        Assert.All(block.named_parameters(), p => Assert.True(p.parameter.grad is { } gradient && gradient.abs().sum().item<float>() > 0, p.name));
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 4)]
    [InlineData(2, 16)]
    [InlineData(3, 50)]
    public void A_fresh_memory_does_not_run_away(int depth, int chunk)
    {
        for (var draw = 0; draw < 20; draw++)
        {
            using var scope = NewDisposeScope();
            using var layer = new NeuralMemoryLayer(new(8) { Depth = depth, Chunk = chunk });
            var read = layer.call(Normal(draw, ScalarType.Float32, 2, 100, 8));
            read.square().sum().backward();
            Assert.True(read.abs().max().item<float>() < 3);
            Assert.All(layer.named_parameters(), p => Assert.True(float.IsFinite(p.parameter.grad!.abs().sum().item<float>()), p.name));
        }
    }

    [Fact]
    public void Bad_sizes_are_named()
    {
        Assert.StartsWith("Dim: got 9 channels, needs a multiple of 2 heads", Assert.Throws<ArgumentException>(() => new NeuralMemoryLayer(new(9, 2))).Message);
        Assert.StartsWith("Window: got 0", Assert.Throws<ArgumentException>(() => new TitansBlock(TitansVariant.Mag, new(8) { Window = 0 })).Message);
    }

    /// <summary>How much each output moves when the token at one place changes; float64.</summary>
    private static double[] Moved(TitansVariant variant, bool fullRecall, int at)
    {
        using var block = new TitansBlock(variant, new(8, 2) { Chunk = 4, Window = Segment, Persistent = 2, FullRecall = fullRecall });
        block.to(ScalarType.Float64);
        var x = Normal(1, 1, Length, 8);
        var changed = x.clone();
        changed.narrow(1, at, 1).add_(1);
        using var off = no_grad();
        return (block.call(x) - block.call(changed)).abs().amax([0, 2]).data<double>().ToArray();
    }
}
