using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The size of an <see cref="AgentLayer"/>.</summary>
/// <param name="Dim">d, channels; a multiple of the heads.</param>
/// <param name="Heads">H.</param>
public sealed record AgentLayerOptions(int Dim, int Heads)
{
    /// <summary>Rows, and columns, of the grid that agents are pooled to: √n. No more than the token grid has.</summary>
    public int AgentSide { get; init; } = 4;

    /// <summary>Rows and columns of the token grid. When null, T tokens are a square, or a single row where T is no square, and there is no bias.</summary>
    public (int Height, int Width)? Grid { get; init; }

    /// <summary>Whether a depthwise 3 × 3 convolution of the values is added.</summary>
    public bool Convolution { get; init; } = true;
}

/// <summary>
/// The agent attention layer, <c>[B,T,d]</c> to <c>[B,T,d]</c>: q, k, v; agents pooled from q on the token grid; both softmaxes, with learned
/// biases where the grid is fixed; a depthwise convolution of v added; heads joined and projected. Not causal; no class token.
/// </summary>
public sealed class AgentLayer : nn.Module<Tensor, Tensor>
{
    private readonly AgentLayerOptions _options;
    private readonly Linear _query, _key, _value, _output;
    private readonly AgentBias? _bias;
    private readonly Conv2d? _convolution;

    /// <summary>A layer with fresh weights.</summary>
    /// <exception cref="ArgumentException">A size below 1, channels that heads do not divide, or more agents than tokens along a side.</exception>
    public AgentLayer(AgentLayerOptions options)
        : base(nameof(AgentLayer))
    {
        ArgumentNullException.ThrowIfNull(options);
        Arguments.Positive(options.Dim, nameof(options.Dim));
        Arguments.Positive(options.Heads, nameof(options.Heads));
        Arguments.Positive(options.AgentSide, nameof(options.AgentSide));
        if (options.Dim % options.Heads != 0)
            Arguments.Fail(nameof(options.Dim), $"{options.Dim} channels", $"a multiple of {options.Heads} heads");
        _options = options;
        Linear Projection(bool bias) => nn.Linear(options.Dim, options.Dim, hasBias: bias);
        (_query, _key, _value, _output) = (Projection(false), Projection(false), Projection(false), Projection(true));
        if (options.Grid is { } grid)
        {
            var (rows, columns) = Coarse(grid);
            _bias = new(options.Heads, rows * columns, grid.Height, grid.Width);
        }
        if (options.Convolution)
            _convolution = nn.Conv2d(options.Dim, options.Dim, 3, padding: 1, groups: options.Dim);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (height, width) = _options.Grid ?? Square(x.size(1));
        var (rows, columns) = Coarse((height, width));
        var (q, k, v) = (Heads(_query.call(x)), Heads(_key.call(x)), _value.call(x));
        var (keyBias, queryBias) = _bias is null ? default : _bias.Both();
        var attended = AgentAttention.Forward(
            q, k, Heads(v), AgentPool.FromQueries(q, height, width, rows, columns), new() { KeyBias = keyBias, QueryBias = queryBias });
        var joined = attended.transpose(1, 2).flatten(2, 3);
        if (_convolution is not null)
            joined = joined + _convolution.call(v.transpose(1, 2).unflatten(2, [height, width])).flatten(2).transpose(1, 2);
        return _output.call(joined).MoveToOuterDisposeScope();
    }

    private (int Rows, int Columns) Coarse((int Height, int Width) grid) =>
        (Math.Min(_options.AgentSide, grid.Height), Math.Min(_options.AgentSide, grid.Width));

    private static (int Height, int Width) Square(long tokens)
    {
        var side = (int)Math.Round(Math.Sqrt(tokens));
        return (long)side * side == tokens ? (side, side) : (1, (int)tokens);
    }

    private Tensor Heads(Tensor x) => x.reshape(x.size(0), x.size(1), _options.Heads, x.size(2) / _options.Heads).transpose(1, 2);
}
