using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>8×8 images of two soft blobs that mirror each other about the centre: where one is says where the other must be, far away.</summary>
public static class BlobImages
{
    /// <summary>Rows and columns.</summary>
    public const int Side = 8;

    /// <summary>Pixels, row by row.</summary>
    public const int Pixels = Side * Side;

    private const double Width = 1;

    /// <summary>Draws images, from −1 (background) to 1 (middle of a blob).</summary>
    /// <param name="count">How many.</param>
    /// <param name="generator">The source of the draw.</param>
    /// <returns><c>[count,64]</c>, float32.</returns>
    /// <exception cref="ArgumentException">Fewer than one.</exception>
    public static Tensor Sample(int count, Generator generator)
    {
        if (count < 1)
            throw new ArgumentException($"count: got {count}, needs at least 1.", nameof(count));
        using var scope = NewDisposeScope();
        var middle = rand([count, 2, 1], generator: generator) * (Side - 1);
        var place = arange(Side, ScalarType.Float32);
        Tensor Blob(Tensor at)
        {
            var profile = ((place - at).square() / (-2 * Width * Width)).exp(); // [count,2,8]: down the rows, along the columns
            return profile.select(1, 0).unsqueeze(2) * profile.select(1, 1).unsqueeze(1);
        }
        return (2 * Blob(middle).maximum(Blob(Side - 1 - middle)) - 1).flatten(1).MoveToOuterDisposeScope();
    }

    /// <summary>The energy distance of two sets of images, 2E‖x − y‖ − E‖x − x′‖ − E‖y − y′‖: 0 for equal distributions.</summary>
    /// <param name="x"><c>[n,64]</c>.</param>
    /// <param name="y"><c>[m,64]</c>.</param>
    /// <exception cref="ArgumentException">Fewer than two images in a set, or sets of different widths.</exception>
    public static double EnergyDistance(Tensor x, Tensor y)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x is not { shape: [> 1, var width] } || y is not { shape: [> 1, var other] } || width != other)
            throw new ArgumentException($"x: got [{string.Join(",", x.shape)}] and [{string.Join(",", y.shape)}], needs two sets [n,pixels] of at least two images each.", nameof(x));
        using var scope = NewDisposeScope();
        double Within(Tensor set) => cdist(set, set).sum().item<float>() / (set.size(0) * (set.size(0) - 1.0)); // An image is no pair with itself.
        return 2 * cdist(x, y).mean().item<float>() - Within(x) - Within(y);
    }
}
