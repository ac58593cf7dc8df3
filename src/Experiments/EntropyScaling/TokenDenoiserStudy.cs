using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What a trained <see cref="TokenDenoiser"/> makes of images of one size.</summary>
/// <param name="Object">The mean squared error of the object's tokens.</param>
/// <param name="Background">Of all others.</param>
/// <param name="Entropy">The mean entropy of the attention's rows, in nats.</param>
/// <param name="ObjectMass">The attention of the object's tokens to the object.</param>
public sealed record DenoisingResult(double Object, double Background, double Entropy, double ObjectMass);

/// <summary>Trains <see cref="TokenDenoiser"/> on images of 64 tokens and runs it on images of another size.</summary>
public static class TokenDenoiserStudy
{
    /// <summary>Tokens at training.</summary>
    public const int TrainTokens = 64;

    private const int Batch = 24, TestBatch = 8, EntropyRows = 64;

    /// <summary>AdamW with a largest rate of 5·10⁻³, batches of 24; object and background weigh the same in the loss.</summary>
    /// <param name="seed">Fixes weights and images.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="cancellation">Ends the training.</param>
    /// <exception cref="ArgumentException">Fewer than one step.</exception>
    public static TokenDenoiser Train(int seed, int steps = 400, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var model = new TokenDenoiser(seed);
        Trainer.Run(model, new TrainingPlan(steps, 5e-3), _ =>
        {
            var images = TokenImages.Sample(Batch, TrainTokens, generator);
            var (thing, background) = TokenDenoiser.Errors(model.Denoise(images).Tokens, images);
            return (thing + background) / 2;
        }, cancellation: cancellation);
        return model;
    }

    /// <summary>The means over images that are the same for every factor.</summary>
    /// <param name="model">A trained model.</param>
    /// <param name="tokens">N, more than 6.</param>
    /// <param name="factor">What logits are multiplied with.</param>
    /// <param name="seed">Fixes the images.</param>
    /// <param name="images">How many; a multiple of 8.</param>
    /// <exception cref="ArgumentException">Too few tokens, or another number of images.</exception>
    public static DenoisingResult Test(TokenDenoiser model, int tokens, double factor, int seed, int images = 96)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (images < 1 || images % TestBatch != 0)
            throw new ArgumentException($"images: got {images}, needs a multiple of {TestBatch}.", nameof(images));
        using var off = no_grad();
        using var generator = TestImages(seed);
        var results = Enumerable.Range(0, images / TestBatch).Select(_ =>
        {
            using var scope = NewDisposeScope();
            var batch = TokenImages.Sample(TestBatch, tokens, generator);
            var (denoised, weights) = model.Denoise(batch, factor);
            var (thing, background) = TokenDenoiser.Errors(denoised, batch);
            var mass = weights.narrow(1, 0, TokenImages.Object).narrow(2, 0, TokenImages.Object).sum(-1).mean();
            return new DenoisingResult(thing.item<float>(), background.item<float>(), Entropy(weights), mass.item<float>());
        }).ToArray();
        double Mean(Func<DenoisingResult, double> of) => results.Average(of);
        return new(Mean(r => r.Object), Mean(r => r.Background), Mean(r => r.Entropy), Mean(r => r.ObjectMass));
    }

    // The mean over all rows, from the object's and some of the background's, which are all alike.
    private static double Entropy(Tensor weights)
    {
        var (tokens, rows) = (weights.size(1), Math.Min(EntropyRows, weights.size(1)));
        var entropy = PatternStatistics.Entropy(weights.narrow(1, 0, rows)).mean([0L]);
        var share = (double)TokenImages.Object / tokens;
        double Mean(long from, long count) => entropy.narrow(0, from, count).mean().item<double>();
        return share * Mean(0, TokenImages.Object) + (1 - share) * Mean(TokenImages.Object, rows - TokenImages.Object);
    }

    /// <summary>
    /// One denoised image as a picture: where each token lies between background, 0, and object, 1. The tokens are laid out on a square with the
    /// object as a block in its middle; the model knows no places.
    /// </summary>
    /// <param name="model">A trained model; null shows the noisy image.</param>
    /// <param name="side">√N, at least 3.</param>
    /// <param name="factor">What logits are multiplied with.</param>
    /// <param name="seed">Fixes the image.</param>
    /// <exception cref="ArgumentException">Too small a side.</exception>
    public static double[,] Picture(TokenDenoiser? model, int side, double factor, int seed)
    {
        const int Columns = 3;
        if (side < Columns)
            throw new ArgumentException($"side: got {side}, needs at least {Columns}.", nameof(side));
        using var off = no_grad();
        using var scope = NewDisposeScope();
        using var generator = TestImages(seed);
        var images = TokenImages.Sample(1, side * side, generator);
        var shown = model is null ? images.Noisy : model.Denoise(images, factor).Tokens;
        var background = images.Clean.narrow(1, TokenImages.Object, 1);
        var axis = images.Clean.narrow(1, 0, 1) - background;
        var places = ((shown - background) * axis).sum(-1).div(axis.square().sum()).flatten().data<float>().ToArray();
        var picture = new double[side, side];
        var (top, left) = ((side - 2) / 2, (side - Columns) / 2);
        var (inside, outside) = (0, TokenImages.Object);
        for (var row = 0; row < side; row++)
            for (var column = 0; column < side; column++)
                picture[row, column] = places[row >= top && row < top + 2 && column >= left && column < left + Columns ? inside++ : outside++];
        return picture;
    }

    private static Generator TestImages(int seed) => new((ulong)(seed + 1_000_000), CPU);
}
