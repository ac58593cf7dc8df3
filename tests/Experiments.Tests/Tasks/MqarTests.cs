using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Tasks;

public class MqarTests
{
    [Theory]
    [InlineData(32, 8, 32)]
    [InlineData(32, 16, 64)]
    [InlineData(64, 3, 41)]
    public void Every_key_is_asked_once_and_its_value_is_the_target(int vocabulary, int pairs, int length)
    {
        var batch = new Mqar(vocabulary, pairs, length).Sample(50, new Random(1));
        Assert.Equal([50, length], batch.Inputs.shape);
        for (var b = 0; b < 50; b++)
        {
            var (inputs, targets) = (batch.Inputs[b].data<long>().ToArray(), batch.Targets[b].data<long>().ToArray());
            var values = Enumerable.Range(0, pairs).ToDictionary(i => inputs[2 * i], i => inputs[2 * i + 1]); // Throws where a key repeats.
            Assert.All(values, pair => Assert.True(pair.Key < vocabulary / 2 && pair.Value >= vocabulary / 2));
            Assert.Equal(pairs, values.Values.Distinct().Count());
            var asked = Enumerable.Range(0, length).Where(t => targets[t] != SequenceBatch.NoTarget).ToArray();
            Assert.Equal(values.Keys.Order(), asked.Select(t => inputs[t]).Order());
            Assert.All(asked, t => Assert.True(t >= 2 * pairs && targets[t] == values[inputs[t]]));
        }
    }

    [Fact]
    public void A_small_power_asks_early()
    {
        double Mean(double power) => new Mqar(64, 2, 104, power).Sample(400, new Random(1)).Targets.ne(SequenceBatch.NoTarget).to(ScalarType.Float64)
            .matmul(arange(104, ScalarType.Float64)).mean().item<double>() / 2;
        Assert.InRange(Mean(1), 50, 56); // Uniform over places 4, 6, …, 102: a mean of 53.
        Assert.InRange(Mean(0.01), 20, 35);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_named()
    {
        Assert.StartsWith("batch: got 0, needs at least 1", Message(new(32, 8, 32), 0));
        Assert.StartsWith("Vocabulary: got 31, needs an even number", Message(new(31, 8, 32)));
        Assert.StartsWith("Pairs: got 17, needs from 1 to 16", Message(new(32, 17, 99)));
        Assert.StartsWith("Length: got 31, needs at least 32", Message(new(32, 8, 31)));

        static string Message(Mqar task, int batch = 1) => Assert.Throws<ArgumentException>(() => task.Sample(batch, new Random(1))).Message;
    }
}
