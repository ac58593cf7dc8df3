using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class EntropyScalingStudyTests
{
    [Fact]
    public void Fresh_keys_are_learned_and_sequences_are_the_same_for_every_factor()
    {
        var (untrained, trained) = (new FreshKeyModel(1), FreshKeyStudy.Train(1, TestContext.Current.CancellationToken));
        var (before, after) = (FreshKeyStudy.Test(untrained, 16, 1, 5), FreshKeyStudy.Test(trained, 16, 1, 5));
        Assert.True(after.Loss < before.Loss - 1, $"{before}, {after}");
        Assert.InRange(after.Accuracy, 0.5, 1);
        Assert.Equal(after, FreshKeyStudy.Test(trained, 16, 1, 5));
        Assert.NotEqual(after.Loss, FreshKeyStudy.Test(trained, 16, 0.5, 5).Loss);
        using var generator = new Generator(1UL, CPU);
        Assert.StartsWith("keys: got 0", Assert.Throws<ArgumentException>(() => trained.Read(1, 0, 1, generator)).Message);
    }

    [Fact]
    public void An_object_has_six_tokens_whatever_the_size()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2UL, CPU);
        foreach (var tokens in new[] { 7, 16, 65 })
        {
            var images = TokenImages.Sample(300, tokens, generator);
            var fromFirst = (images.Clean - images.Clean.narrow(1, 0, 1)).abs().sum(-1).eq(0).sum(1);
            Assert.True(fromFirst.eq(TokenImages.Object).all().item<bool>());
            var noise = (images.Noisy - images.Clean).square().mean([1, 2]).sqrt();
            Assert.InRange(noise.masked_select(images.Level.eq(0)).mean().item<float>(), 0.57, 0.63);
            Assert.InRange(noise.masked_select(images.Level.eq(1)).mean().item<float>(), 1.14, 1.26);
        }

        Assert.StartsWith("tokens: got 6", Assert.Throws<ArgumentException>(() => TokenImages.Sample(1, 6, generator)).Message);
        Assert.StartsWith("batch: got 0", Assert.Throws<ArgumentException>(() => TokenImages.Sample(0, 7, generator)).Message);
    }

    [Fact]
    public void Errors_are_those_of_the_two_parts()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3UL, CPU);
        var images = TokenImages.Sample(2, 10, generator);
        var wrong = images.Clean.clone();
        wrong.narrow(1, TokenImages.Object, 4).add_(2);
        var (thing, background) = TokenDenoiser.Errors(wrong, images);
        Assert.Equal(0, thing.item<float>());
        Assert.Equal(4, background.item<float>(), 1e-5);
    }

    [Fact]
    public void A_denoiser_learns_and_its_picture_has_the_object_in_the_middle()
    {
        var stop = TestContext.Current.CancellationToken;
        using var trained = TokenDenoiserStudy.Train(1, steps: 120, stop);
        var (before, after) = (TokenDenoiserStudy.Test(new TokenDenoiser(1), 64, 1, 5), TokenDenoiserStudy.Test(trained, 64, 1, 5));
        Assert.True(after.Background < 0.5 * before.Background, $"{before}, {after}");
        Assert.True(after.ObjectMass > before.ObjectMass);
        Assert.InRange(after.Entropy, 1, Math.Log(64));
        Assert.True(TokenDenoiserStudy.Test(trained, 64, 2, 5).Entropy < after.Entropy);
        var picture = TokenDenoiserStudy.Picture(null, 5, 1, 5);
        double[] inside = [.. from row in new[] { 1, 2 } from column in new[] { 1, 2, 3 } select picture[row, column]];
        Assert.InRange(inside.Average(), 0.5, 1.5);
        Assert.InRange((picture.Cast<double>().Sum() - inside.Sum()) / 19, -0.4, 0.4);
        Assert.StartsWith("images: got 7", Assert.Throws<ArgumentException>(() => TokenDenoiserStudy.Test(trained, 64, 1, 5, images: 7)).Message);
        Assert.StartsWith("side: got 2", Assert.Throws<ArgumentException>(() => TokenDenoiserStudy.Picture(null, 2, 1, 5)).Message);
    }
}
