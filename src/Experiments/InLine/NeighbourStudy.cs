using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What is hidden from an attention by place.</summary>
public enum HiddenKeys
{
    /// <summary>Nothing but the cell itself.</summary>
    None,

    /// <summary>Nine cells at random, others for each query.</summary>
    RandomNine,

    /// <summary>The 3×3 cells about the query.</summary>
    Block,
}

/// <summary>
/// Images of white noise whose cells are to be told the mean of their four neighbours: what a global attention by content cannot know, a
/// 3×3 kernel can, and an attention by place is left without when the neighbours are hidden.
/// </summary>
public static class NeighbourStudy
{
    private const int Side = 14, Cells = Side * Side, Channels = 8, Heads = 2, Batch = 8, TestBatch = 64;

    /// <summary>R² of least squares on each cell's InLine output and its own value, and with the nine shifted values besides.</summary>
    /// <param name="seed">Fixes the images.</param>
    public static (double Attention, double WithShifts) LeastSquaresFit(int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var (fit, test) = (Draw(), Draw());
        return (Judge(image => [Attended(image), image]), Judge(image => [Attended(image), image, .. Shifts(image)]));

        Tensor Draw() => Images(TestBatch, ScalarType.Float64, generator);
        double Judge(Func<Tensor, Tensor[]> features)
        {
            Tensor Rows(Tensor images) => cat(features(images), -1).flatten(0, 1);
            // The cell itself stands among the shifts as well, so the features are not independent.
            return LeastSquares.Fit(Rows(fit), Target(fit).flatten(0, 1), ridge: 1e-9).RSquared(Rows(test), Target(test).flatten(0, 1));
        }
    }

    /// <summary>R² of a trained InLine layer on new images, Adam at 10⁻².</summary>
    /// <param name="residual">Whether it has the local residual.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Fixes the images and the weights.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static double Trained(bool residual, int steps, int seed, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        using var layer = new InLineLayer(Channels, Heads, residual);
        Weights.InitialiseUniform(layer, seed);
        Trainer.Run(layer, new TrainingPlan(steps, 1e-2) { WarmUp = 0, Decays = false, WeightDecay = 0 }, _ =>
        {
            var images = Images(Batch, ScalarType.Float32, generator);
            return (layer.call(images) - Target(images)).square().mean();
        }, cancellation: cancellation);
        using var off = no_grad();
        var test = Images(TestBatch, ScalarType.Float32, generator);
        return LeastSquares.RSquaredOf(layer.call(test).flatten(0, 1), Target(test).flatten(0, 1));
    }

    /// <summary>R² of the neighbours' mean as an attention by place predicts it: logits −1.5·distance², the cell itself left out.</summary>
    /// <param name="hidden">Which keys are hidden besides.</param>
    /// <param name="seed">Fixes the images and the hidden cells.</param>
    public static double Masked(HiddenKeys hidden, int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var images = Images(TestBatch, ScalarType.Float64, generator);
        var place = arange(Cells, ScalarType.Int64);
        var (row, column) = ((place / Side).floor().to(ScalarType.Float64), (place % Side).to(ScalarType.Float64));
        Tensor Differences(Tensor x) => x.unsqueeze(1) - x.unsqueeze(0);
        var (down, across) = (Differences(row), Differences(column));
        var mask = eye(Cells, dtype: ScalarType.Bool) | hidden switch
        {
            HiddenKeys.Block => maximum(down.abs(), across.abs()) <= 1,
            HiddenKeys.RandomNine => rand([Cells, Cells], ScalarType.Float64, generator: generator).argsort(-1).argsort(-1) < 9,
            _ => zeros([Cells, Cells], ScalarType.Bool),
        };
        var logits = (-1.5 * (down.square() + across.square())).masked_fill(mask, double.NegativeInfinity);
        return LeastSquares.RSquaredOf(logits.softmax(-1).matmul(images).flatten(0, 1), Target(images).flatten(0, 1));
    }

    /// <summary>The mean of the four neighbours, <c>[B,196,8]</c>; what lies outside is 0.</summary>
    internal static Tensor Target(Tensor images)
    {
        using var scope = NewDisposeScope();
        var shifts = Shifts(images);
        return ((shifts[1] + shifts[3] + shifts[5] + shifts[7]) / 4).MoveToOuterDisposeScope();
    }

    private static Tensor Attended(Tensor images)
    {
        var heads = images.unsqueeze(1);
        return InLineAttention.Linear(heads, heads, heads).squeeze(1);
    }

    /// <summary>The image moved by −1, 0 and 1 in both directions, row by row, the fourth of nine unmoved.</summary>
    private static Tensor[] Shifts(Tensor images)
    {
        var padded = nn.functional.pad(images.unflatten(1, [Side, Side]), [0, 0, 1, 1, 1, 1]);
        return [.. from i in Enumerable.Range(0, 3) from j in Enumerable.Range(0, 3) select padded.narrow(1, i, Side).narrow(2, j, Side).flatten(1, 2)];
    }

    private static Tensor Images(int batch, ScalarType dtype, Generator generator) => randn([batch, Cells, Channels], dtype, generator: generator);
}
