using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class RalaStudyTests
{
    [Fact]
    public void An_image_of_lookups_has_pairs_and_as_many_questions_about_them()
    {
        using var scope = NewDisposeScope();
        var batch = DenseLookup.Sample(20, new Random(1));
        Assert.Equal([20, DenseLookup.Tokens, DenseLookup.Dim], batch.Inputs.shape);
        var asked = batch.Asked.data<long>().ToArray();
        Assert.Distinct(asked);
        var (targets, tokens) = (batch.Targets.data<long>().ToArray(), batch.Inputs.flatten(0, 1));
        for (var image = 0; image < 20; image++)
        {
            var places = Enumerable.Range(image * DenseLookup.Tokens, DenseLookup.Tokens).Select(place => (long)place).ToArray();
            var (questions, named) = (places.Where(asked.Contains).ToArray(), places.Where(place => targets[place] >= 0).ToArray());
            Assert.Equal(DenseLookup.Pairs, questions.Length);
            var pairs = named.Except(questions).ToArray();
            Assert.Equal(DenseLookup.Pairs, pairs.Length);
            foreach (var question in questions)
            {
                // The pair that looks like the question, but for noise, has its label.
                double Distance(long pair) => (tokens[pair] - tokens[question]).narrow(0, 0, DenseLookup.Dim - DenseLookup.Labels).norm().item<float>();
                Assert.Equal(targets[question], targets[pairs.MinBy(Distance)]);
            }
        }
    }

    [Fact]
    public void Smooth_tokens_are_standardised_and_like_their_neighbours()
    {
        using var scope = NewDisposeScope();
        double Likeness(double blur)
        {
            var tokens = SmoothTokens.Sample(14, 64, blur, 1);
            Assert.Equal(0, tokens.mean([1]).abs().max().item<double>(), 1e-12);
            Assert.Equal(1, tokens.square().mean([1]).min().item<double>(), 1e-12);
            return (tokens.narrow(0, 0, 1) * tokens.narrow(0, 1, 1)).mean().item<double>();
        }

        Assert.InRange(Likeness(1.5), 0.7, 1);
        Assert.InRange(Likeness(0), -0.4, 0.4);
    }

    [Fact]
    public void A_global_query_that_points_at_what_stands_out_lifts_the_buffers_rank_and_one_that_points_away_lowers_it()
    {
        var image = new SalientTokens(1);
        var (even, towards, away) = (image.Buffer(0), image.Buffer(1), image.Buffer(-1));
        Assert.Equal(196, even.SampleSize, 1e-9);
        Assert.True(towards.Rank > 4 * even.Rank && away.Rank < even.Rank / 2, $"{away.Rank}, {even.Rank}, {towards.Rank}");
        Assert.InRange(towards.SampleSize, 20, 40);
        Assert.True(image.Buffer(1, shuffled: true).Rank < 0.6 * towards.Rank);
    }

    [Fact]
    public void A_gate_spreads_the_output_of_a_trained_layer()
    {
        var stop = TestContext.Current.CancellationToken;
        var plain = LookupStudy.Run(new(DenseLookup.Dim, 1) { Global = GlobalQuery.None, Gate = false }, 60, 1, stop);
        var gated = LookupStudy.Run(new(DenseLookup.Dim, 1) { Global = GlobalQuery.None }, 60, 1, stop);
        Assert.True(gated.Rank > 1.5 * plain.Rank, $"{gated.Rank} with, {plain.Rank} without");
        Assert.InRange(plain.Error, 0.4, 0.85);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("batch: got 0", Assert.Throws<ArgumentException>(() => DenseLookup.Sample(0, new Random(1))).Message);
        Assert.StartsWith("blur: got -1", Assert.Throws<ArgumentException>(() => SmoothTokens.Sample(3, 4, -1, 1)).Message);
        Assert.StartsWith("side: got 0", Assert.Throws<ArgumentException>(() => SmoothTokens.Sample(0, 4, 1, 1)).Message);
        Assert.StartsWith("dim: got 1", Assert.Throws<ArgumentException>(() => SmoothTokens.Sample(3, 1, 1, 1)).Message);
    }
}
