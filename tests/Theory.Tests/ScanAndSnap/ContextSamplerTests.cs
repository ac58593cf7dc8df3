using Attn.Theory.ScanAndSnap;

namespace Theory.Tests.ScanAndSnap;

public sealed class ContextSamplerTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 13)]
    public void Every_context_has_its_length_and_its_classes_tokens(int batch, int length)
    {
        var data = SequenceClasses.SynMedium(3);
        var sampler = new ContextSampler(data, batch, length, 1);
        for (var i = 0; i < 20; i++)
        {
            var seen = 0;
            foreach (var sample in sampler.Next())
            {
                seen++;
                Assert.Equal(length, sample.Counts.Sum());
                var source = data.Classes.Single(c => c.Next == sample.Next);
                Assert.Equal(source.Query, sample.Query);
                Assert.Equal(source.Tokens, sample.Tokens);
            }

            Assert.Equal(batch, seen);
        }
    }

    [Fact]
    public void Mean_counts_are_the_probabilities_and_classes_come_equally_often()
    {
        var data = SequenceClasses.SynSmall();
        var (sampler, totals, classes) = (new ContextSampler(data, 500, 127, 9), new double[20], 0.0);
        for (var i = 0; i < 40; i++)
            foreach (var sample in sampler.Next().Where(s => s.Next == 32))
            {
                classes++;
                for (var l = 0; l < 20; l++)
                    totals[l] += sample.Counts[l] / 127;
            }

        Assert.Equal(10_000, classes, 300.0);
        Assert.All(Enumerable.Range(0, 20), l => Assert.Equal(data.Classes[0].Probabilities[l], totals[l] / classes, 0.0012));
    }

    [Fact]
    public void Shuffled_targets_go_with_every_class()
    {
        var sampler = new ContextSampler(SequenceClasses.SynSmall(), 400, 3, 2, shuffleTargets: true);
        var pairs = sampler.Next().CountBy(sample => (sample.Query, sample.Next)).ToDictionary();
        Assert.Equal(4, pairs.Count);
        Assert.All(pairs.Values, count => Assert.InRange(count, 60, 140));
    }

    [Fact]
    public void The_population_has_one_sample_a_class()
    {
        var data = SequenceClasses.SynMedium(2);
        Assert.Equal(data.Classes.Select(c => (c.Query, c.Next)), ContextSampler.Population(data).Select(s => (s.Query, s.Next)));
        Assert.All(ContextSampler.Population(data), sample => Assert.Equal(1, sample.Counts.Sum(), 12));
    }
}
