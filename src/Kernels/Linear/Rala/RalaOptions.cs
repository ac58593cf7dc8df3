namespace Attn.Kernels;

/// <summary>What a <see cref="RalaLayer"/> is made of; the defaults are the paper's formula without positions.</summary>
/// <param name="Dim">d, channels; a multiple of <paramref name="Heads"/>.</param>
/// <param name="Heads">H.</param>
public sealed record RalaOptions(int Dim, int Heads)
{
    /// <summary>Whether the output is multiplied by a linear map of the token.</summary>
    public bool Gate { get; init; } = true;

    /// <summary>What the global query that weighs the keys is the mean of; without one they count alike.</summary>
    public GlobalQuery Global { get; init; } = GlobalQuery.MeanOfQueries;

    /// <summary>
    /// Whether softmax attention stands in place of the linear one, with the same gate and the same convolution: the last two of the four stages
    /// of the released backbones are such.
    /// </summary>
    public bool Softmax { get; init; }

    /// <summary>
    /// Rows and columns of the grid that the tokens fill, row by row; then features are turned by their place in the numerator and a depthwise
    /// 5×5 convolution of the values is added, as in the released code. Null for tokens without places.
    /// </summary>
    public (int Rows, int Columns)? Grid { get; init; }
}
