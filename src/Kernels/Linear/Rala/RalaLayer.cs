using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// RALA's token mixer, <c>[B,T,d]</c> to <c>[B,T,d]</c>: one map with biases gives q, k, v and the gate; attention, and on a grid a depthwise
/// convolution of the values beside it; times the gate; projected out.
/// </summary>
public sealed class RalaLayer : nn.Module<Tensor, Tensor>
{
    private const int Window = 5;
    private readonly RalaOptions _options;
    private readonly Linear _input, _output;
    private readonly Conv2d? _local;
    private readonly Tensor? _coordinates;

    /// <summary>A layer with fresh weights, initialised as <c>nn.Linear</c> does.</summary>
    /// <exception cref="ArgumentException">A size below 1, channels that heads do not divide, or heads too narrow for a grid.</exception>
    public RalaLayer(RalaOptions options)
        : base(nameof(RalaLayer))
    {
        ArgumentNullException.ThrowIfNull(options);
        var (dim, heads) = (options.Dim, options.Heads);
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(heads, nameof(heads));
        if (dim % heads != 0)
            Arguments.Fail(nameof(dim), $"{dim} channels", $"a multiple of {heads} heads");
        _options = options;
        _input = nn.Linear(dim, (options.Gate ? 4 : 3) * dim);
        _output = nn.Linear(dim, dim);
        if (options.Grid is var (rows, columns))
        {
            if (dim / heads < 4)
                Arguments.Fail(nameof(dim), $"{dim / heads} channels a head", "at least 4 on a grid: two for each axis");
            _coordinates = MdLrpe.Grid(rows, columns);
            _local = nn.Conv2d(dim, dim, Window, padding: Window / 2, groups: dim);
        }
        RegisterComponents();
        this.Keep();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return _output.call(Attend(x)).MoveToOuterDisposeScope();
    }

    /// <summary>What the layer has before its last projection: the output of attention, gated where there is a gate.</summary>
    /// <param name="x"><c>[B,T,d]</c>.</param>
    /// <returns><c>[B,T,d]</c>.</returns>
    public Tensor Attend(Tensor x)
    {
        using var scope = NewDisposeScope();
        var parts = _input.call(x).chunk(_options.Gate ? 4 : 3, -1);
        var (q, k, v) = (Heads(parts[0]), Heads(parts[1]), Heads(parts[2]));
        var joined = (_options.Softmax ? Full(q, k, v) : Rala.Parallel(q, k, v, null, _options.Global, _coordinates)).transpose(1, 2).flatten(2, 3);
        if (_local is not null && _options.Grid is var (rows, columns))
            joined = joined + _local.call(parts[2].transpose(1, 2).unflatten(2, [rows, columns])).flatten(2).transpose(1, 2);
        return (_options.Gate ? joined * parts[3] : joined).MoveToOuterDisposeScope();
    }

    private Tensor Full(Tensor q, Tensor k, Tensor v) => _coordinates is null
        ? Softmax.Sdpa(q, k, v)
        : Softmax.Sdpa(MdLrpe.Apply(q, _coordinates), MdLrpe.Apply(k, _coordinates), v);

    private Tensor Heads(Tensor projected) => projected.unflatten(2, [_options.Heads, projected.size(2) / _options.Heads]).transpose(1, 2);
}
