using Attn.Kernels;

namespace Attn.Experiments.Tests;

public class LongVqStudyTests
{
    [Fact]
    public void Copying_asks_for_the_symbol_three_back()
    {
        var batch = CopyBack.Sample(20, new Random(1));
        var (inputs, targets) = (batch.Inputs, batch.Targets);
        Assert.True(targets.narrow(1, 3, 29).eq(inputs.narrow(1, 0, 29)).all().item<bool>());
        Assert.True(targets.narrow(1, 0, 3).eq(SequenceBatch.NoTarget).all().item<bool>());
        Assert.StartsWith("batch: got 0", Assert.Throws<ArgumentException>(() => CopyBack.Sample(0, new Random(1))).Message);
    }

    [Fact]
    public void More_codes_come_nearer_and_no_weight_leaves_its_bound()
    {
        var keys = new ClusteredKeys(1);
        var (few, many, random) = (keys.Attention(4), keys.Attention(128), keys.Attention(128, fitted: false));
        Assert.True(many.Error < 0.2 && few.Error > 0.5 && random.Error > 0.5);
        Assert.All([few, many, random], error => Assert.InRange(error.LogRatio, 0, error.Bound));
    }

    [Fact]
    public void Codes_follow_their_keys_and_dead_ones_can_be_revived()
    {
        var (plain, revived) = (new ClusteredKeys(1).Follow(200, revive: false), new ClusteredKeys(1).Follow(200, revive: true));
        Assert.Equal(11, plain.Errors.Count);
        Assert.True(plain.Errors[^1] < 0.6 * plain.Errors[0] && revived.Errors[^1] < plain.Errors[^1]);
        Assert.True(plain.Used < revived.Used);
        Assert.Equal(4096, revived.Usage.Sum());
    }

    [Fact]
    public void Training_learns_and_warm_codes_are_used()
    {
        var stop = TestContext.Current.CancellationToken;
        Assert.InRange(LongVqStudy.Copy(LongVqKeys.ExactInWindow, 8, 80, 1, stop).Accuracy, 0.1, 1);
        var warm = LongVqStudy.Warm([4, 16], 10, 1, stop);
        Assert.All(warm, result => Assert.InRange(result.Accuracy, 0.01, 0.3));
        Assert.InRange(warm[0].UsedCodes, 2, 4);
        Assert.InRange(LongVqStudy.Cold(8, follow: true, 5, 1, stop).Accuracy, 0, 0.3);
    }

    [Fact]
    public void A_state_takes_the_same_bytes_after_any_context()
    {
        Assert.Equal(Decoding.StateBytes(10), Decoding.StateBytes(500));
        Assert.Equal(4L * 80 * 500, Decoding.CacheBytes(500));
    }
}
