using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Learned positions of agent attention on a grid of h × w tokens: B₁ and B₂, each a 7 × 7 map an agent stretched over the grid (bilinearly)
/// plus one number a row and one a column. Drawn with deviation 0.02, so that a fresh layer attends by content.
/// </summary>
public sealed class AgentBias : nn.Module
{
    private const int Side = 7;
    private const double Deviation = 0.02;
    private readonly int _height, _width;
    private readonly Parameter _keyMap, _keyRows, _keyColumns, _queryMap, _queryRows, _queryColumns;

    /// <summary>Fresh biases.</summary>
    /// <param name="heads">H.</param>
    /// <param name="agents">n.</param>
    /// <param name="height">h, rows of the grid.</param>
    /// <param name="width">w, columns of the grid.</param>
    /// <exception cref="ArgumentException">A size below 1.</exception>
    public AgentBias(int heads, int agents, int height, int width)
        : base(nameof(AgentBias))
    {
        Arguments.Positive(heads, nameof(heads));
        Arguments.Positive(agents, nameof(agents));
        Arguments.Positive(height, nameof(height));
        Arguments.Positive(width, nameof(width));
        (_height, _width) = (height, width);
        Parameter Draw(params long[] shape)
        {
            var values = empty(shape);
            nn.init.normal_(values, 0, Deviation);
            return nn.Parameter(values);
        }
        (_keyMap, _keyRows, _keyColumns) = (Draw(heads, agents, Side, Side), Draw(heads, agents, height, 1), Draw(heads, agents, 1, width));
        (_queryMap, _queryRows, _queryColumns) = (Draw(heads, agents, Side, Side), Draw(heads, height, 1, agents), Draw(heads, 1, width, agents));
        RegisterComponents();
        this.Keep();
    }

    /// <summary>B₁ <c>[H,n,h·w]</c>, for keys, and B₂ <c>[H,h·w,n]</c>, for queries.</summary>
    public (Tensor Keys, Tensor Queries) Both()
    {
        using var scope = NewDisposeScope();
        var keys = Stretch(_keyMap).flatten(2) + (_keyRows + _keyColumns).flatten(2);
        var queries = Stretch(_queryMap).flatten(2).transpose(-2, -1) + (_queryRows + _queryColumns).flatten(1, 2);
        return (keys.MoveToOuterDisposeScope(), queries.MoveToOuterDisposeScope());
    }

    private Tensor Stretch(Tensor map) => nn.functional.interpolate(map, size: [_height, _width], mode: InterpolationMode.Bilinear, align_corners: false);
}
