using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Tasks;

/// <summary>Key-value pairs, and the model that learns to look them up.</summary>
public class KeyValueRecallTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1000)]
    public void The_key_asked_for_is_there_once_with_the_answer(int pairs)
    {
        using var scope = NewDisposeScope();
        var batch = KeyValueRecall.Sample(40, pairs, new Random(1));
        Assert.Equal([40, pairs], batch.Keys.shape);
        var needle = batch.Keys == batch.Asked.unsqueeze(1);
        Assert.True((needle.sum(1) == 1).all().item<bool>());
        Assert.True(batch.Values[needle].equal(batch.Answers).all().item<bool>());
        Assert.True(batch.Keys.max().item<long>() < KeyValueRecall.Keys && batch.Values.max().item<long>() < KeyValueRecall.Values);
        if (pairs <= KeyValueRecall.Keys)
            for (var b = 0; b < 40; b++)
                Assert.Equal(pairs, batch.Keys[b].data<long>().Distinct().Count());
        if (pairs > 1)
            Assert.True(needle.to(ScalarType.Int32).argmax(1).data<long>().Distinct().Count() > 1, "the needle always stands at the same place");
    }

    [Fact]
    public void Bad_sizes_are_named()
    {
        Assert.StartsWith("batch: got 0, needs at least 1", Assert.Throws<ArgumentException>(() => KeyValueRecall.Sample(0, 4, new Random(1))).Message);
        Assert.StartsWith("pairs: got 0, needs at least 1", Assert.Throws<ArgumentException>(() => KeyValueRecall.Sample(4, 0, new Random(1))).Message);
    }

    [Fact]
    public void A_model_guesses_untrained_and_learns_to_look_up()
    {
        using var model = new RecallModel((q, k, v) => Softmax.Plain(q, k, v), seed: 1);
        Assert.InRange(model.Test(32, seed: 9).Accuracy, 0, 0.2);
        var random = new Random(1);
        Trainer.Run(model, new(100, 5e-3) { WarmUp = 10 }, _ => model.Loss(KeyValueRecall.Sample(64, 32, random)), cancellation: TestContext.Current.CancellationToken);
        var (loss, accuracy) = model.Test(32, seed: 9);
        Assert.True(loss < 1 && accuracy > 0.8, $"loss {loss}, accuracy {accuracy}");
        Assert.Equal(model.Test(40, seed: 3), model.Test(40, seed: 3));
    }
}
