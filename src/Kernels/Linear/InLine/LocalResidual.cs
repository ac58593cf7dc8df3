using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// InLine's local residual: each channel of the values, laid out as an image, is convolved with a 3×3 kernel that a small network makes of
/// the mean token, r = MLP(mean x). One kernel for a sample and channel, the same at all places; zeros around the image.
/// </summary>
public sealed class LocalResidual : nn.Module<Tensor, Tensor, Tensor>
{
    private const int Side = 3;

    private readonly Conv1d _inner, _outer;

    /// <summary>A residual with fresh weights: two maps of a token in groups of channels, a head each, with a GELU between.</summary>
    /// <param name="dim">C, channels; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">Groups of channels.</param>
    /// <exception cref="ArgumentException">A size below 1, or channels that heads do not divide.</exception>
    public LocalResidual(int dim, int heads)
        : base(nameof(LocalResidual))
    {
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(heads, nameof(heads));
        if (dim % heads != 0)
            Arguments.Fail(nameof(dim), $"{dim} channels", $"a multiple of {heads} heads");
        (_inner, _outer) = (nn.Conv1d(dim, dim, 1, groups: heads), nn.Conv1d(dim, Side * Side * dim, 1, groups: heads));
        RegisterComponents();
    }

    /// <summary>What is added to the attention's output.</summary>
    /// <param name="x">The layer's input, of which the kernels are made, <c>[B,N,C]</c>.</param>
    /// <param name="v">Values, row by row of a square image, <c>[B,n²,C]</c>.</param>
    /// <returns><c>[B,n²,C]</c>.</returns>
    /// <exception cref="ArgumentException">Values whose number is no square.</exception>
    public override Tensor forward(Tensor x, Tensor v)
    {
        var (batch, tokens, dim) = (v.size(0), v.size(1), v.size(2));
        var side = (long)Math.Sqrt(tokens);
        if (side * side != tokens)
            Arguments.Fail(nameof(v), $"{tokens} tokens", "a square number of them");
        using var scope = NewDisposeScope();
        var kernels = Mapped(_outer, nn.functional.gelu(Mapped(_inner, x.mean([1])))).reshape(batch * dim, 1, Side, Side);
        var images = v.transpose(1, 2).reshape(1, batch * dim, side, side);
        var convolved = nn.functional.conv2d(images, kernels, padding: [1, 1], groups: batch * dim);
        return convolved.reshape(batch, dim, tokens).transpose(1, 2).MoveToOuterDisposeScope();
    }

    // A convolution of one place. libtorch's own looks for NNPACK each time, and warns of a processor that it does not know.
    private static Tensor Mapped(Conv1d map, Tensor x)
    {
        var groups = map.groups;
        var weight = map.weight!.squeeze(-1).unflatten(0, [groups, -1]);
        return weight.matmul(x.unflatten(1, [groups, -1]).unsqueeze(-1)).flatten(1) + map.bias!;
    }
}
