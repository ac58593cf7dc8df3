using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class LengthCollapseStudyTests
{
    [Fact]
    public void A_random_encoder_mixes_as_it_is_told()
    {
        using var scope = NewDisposeScope();
        var (encoder, texts) = (new RandomEncoder(3), RandomEncoder.Texts(5, 11, 4));
        var rows = new List<double>();
        var deviations = new List<double>();
        var encoded = encoder.Encode(texts, observe: (weights, values) =>
        {
            Assert.Equal([5, 4, 12, 12], weights.shape);
            Assert.Equal([5, 4, 12, 16], values.shape);
            rows.Add((weights.sum(-1) - 1).abs().max().item<float>());
            var logits = weights.log();
            deviations.Add((logits - logits.mean([-1], keepdim: true)).std().item<float>());
        });
        Assert.Equal([5, 12, RandomEncoder.Dim], encoded.shape);
        Assert.Equal(4, rows.Count);
        Assert.InRange(rows.Max(), 0, 1e-5);
        Assert.InRange(deviations[0], 1.2, 1.9);
        // Tokens that see themselves alone: CLS is the same in every text. Those that see the mean alone, without residuals, are all one.
        var alone = encoder.Encode(texts, mixing: Mixing.Identity).select(1, 0);
        Assert.InRange((alone - alone[0]).abs().max().item<float>(), 0, 1e-4);
        var same = encoder.Encode(texts, mixing: Mixing.Uniform, residual: false);
        Assert.InRange((same - same.narrow(1, 0, 1)).abs().max().item<float>(), 0, 1e-2);
        Assert.False(encoded.select(1, 0).allclose(alone, 0.1, 0.1));
    }

    [Fact]
    public void Its_texts_and_weights_are_fixed_by_seeds_and_it_knows_no_places()
    {
        using var scope = NewDisposeScope();
        var texts = RandomEncoder.Texts(3, 9, 1);
        var encoded = new RandomEncoder(2).Encode(texts, temperature: 0.7);
        Assert.True(encoded.allclose(new RandomEncoder(2).Encode(RandomEncoder.Texts(3, 9, 1), temperature: 0.7), 1e-5, 1e-5));
        Assert.True(encoded.select(1, 0).allclose(new RandomEncoder(2).Encode(texts.flip(1), temperature: 0.7).select(1, 0), 1e-3, 1e-3));
        Assert.StartsWith("temperature: got 0", Assert.Throws<ArgumentException>(() => new RandomEncoder(2).Encode(texts, 0)).Message);
        Assert.StartsWith("texts: got rank 1", Assert.Throws<ArgumentException>(() => new RandomEncoder(2).Encode(texts[0])).Message);
    }

    [Fact]
    public void A_text_has_one_telling_token()
    {
        using var scope = NewDisposeScope();
        var (texts, labels) = PasskeyTask.Sample(200, 17, new Random(1));
        Assert.Equal([200, 18], texts.shape);
        Assert.True(texts.select(1, 0).eq(PasskeyTask.Cls).all().item<bool>());
        var telling = texts < PasskeyTask.Classes;
        Assert.True(telling.sum(1).eq(1).all().item<bool>());
        Assert.True(texts.masked_select(telling).eq(labels).all().item<bool>());
        Assert.Equal(17, telling.to(ScalarType.Int64).argmax(1).unique().output.numel());
        Assert.StartsWith("length: got 0", Assert.Throws<ArgumentException>(() => PasskeyTask.Sample(1, 0, new Random(1))).Message);
    }

    [Fact]
    public void A_passkey_encoder_learns_and_reads_alike_when_it_is_observed()
    {
        var stop = TestContext.Current.CancellationToken;
        using var scope = NewDisposeScope();
        using var encoder = PasskeyStudy.Train(1, steps: 150, stop);
        var result = PasskeyStudy.Test(encoder, 20, 48, 1, 2, stop);
        Assert.InRange(result.Accuracy, 0.5, 1);
        Assert.InRange(result.ShuffledAccuracy, 0, 0.3);
        var seen = 0;
        encoder.Observe = (weights, _) => seen += weights.shape[0] <= 12 ? 1 : 100;
        var observed = PasskeyStudy.Test(encoder, 20, 48, 1, 2, stop);
        Assert.Equal(2 * 4, seen); // Layers and parts of at most 12 texts.
        Assert.True(observed.Embeddings.allclose(result.Embeddings, 1e-4, 1e-4));
        Assert.Equal(result.Labels, observed.Labels);
        Assert.False(PasskeyStudy.Test(encoder, 20, 48, 0.5, 2, stop).Embeddings.allclose(result.Embeddings, 1e-2, 1e-2));
    }
}
