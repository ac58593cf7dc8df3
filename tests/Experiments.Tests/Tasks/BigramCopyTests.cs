using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Tasks;

/// <summary>What the text of two halves is made of.</summary>
public class BigramCopyTests
{
    [Theory]
    [InlineData(64)]
    [InlineData(17)]
    [InlineData(1)]
    public void The_second_half_is_the_first_and_every_token_has_few_successors(int length)
    {
        using var scope = NewDisposeScope();
        var batch = new BigramCopy().Sample(200, length, new Random(1));
        Assert.Equal([200, length], batch.Inputs.shape);
        Assert.True(batch.Inputs.narrow(1, 1, length - 1).equal(batch.Targets.narrow(1, 0, length - 1)).all().item<bool>());
        var half = (length + 1) / 2;
        if (length > half)
            Assert.True(batch.Inputs.narrow(1, half, length - half).equal(batch.Inputs.narrow(1, 0, length - half)).all().item<bool>());
    }

    [Fact]
    public void Every_token_has_at_most_four_successors_in_the_first_half()
    {
        using var scope = NewDisposeScope();
        var batch = new BigramCopy().Sample(500, 64, new Random(2));
        var (from, to) = (batch.Inputs.narrow(1, 0, 31).flatten().data<long>().ToArray(), batch.Inputs.narrow(1, 1, 31).flatten().data<long>().ToArray());
        Assert.All(from.Zip(to).GroupBy(pair => pair.First), group => Assert.InRange(group.Select(pair => pair.Second).Distinct().Count(), 1, 4));
    }

    [Fact]
    public void The_successors_do_not_change_with_the_draw()
    {
        using var scope = NewDisposeScope();
        var (one, other) = (new BigramCopy(), new BigramCopy());
        Assert.True(one.Sample(3, 20, new Random(5)).Inputs.equal(other.Sample(3, 20, new Random(5)).Inputs).all().item<bool>());
        Assert.False(one.Sample(3, 20, new Random(5)).Inputs.equal(other.Sample(3, 20, new Random(6)).Inputs).all().item<bool>());
    }
}
