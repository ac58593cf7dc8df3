using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// A neural memory as a layer, <c>[B,T,d]</c> to <c>[B,T,d]</c> (the paper's LMM): q, k and v are projected, convolved causally channel by
/// channel and put through SiLU; θ, η and α are sigmoids of maps of the token, one a head, θ over the tokens of a chunk; the weights before the first
/// token are learned. Training goes through the inner updates, which are tensor operations like any other.
/// </summary>
public sealed class NeuralMemoryLayer : nn.Module<Tensor, Tensor>
{
    // Through a sigmoid: θ 0.18, η 0.5, α 0.05 to start with, so that θ/(1 − η) stays where the inner descent is stable. A chunk's gradients, all at the
    // same weights, add up where its keys are alike: each takes its share of θ.
    private const double StepBias = -1.5, MomentumBias = 0, ForgetBias = -3;

    private readonly TitansOptions _options;
    private readonly Linear _query, _key, _value, _output, _gates;
    private readonly Conv1d _queryConvolution, _keyConvolution, _valueConvolution;
    private readonly Parameter _gateBias;
    private readonly ParameterList _initial;

    /// <summary>A layer with fresh weights.</summary>
    /// <exception cref="ArgumentException">A size below 1, or channels that heads do not divide.</exception>
    public NeuralMemoryLayer(TitansOptions options)
        : base(nameof(NeuralMemoryLayer))
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (size, name) in new[]
        {
            (options.Dim, nameof(options.Dim)), (options.Heads, nameof(options.Heads)), (options.Depth, nameof(options.Depth)),
            (options.Expansion, nameof(options.Expansion)), (options.Chunk, nameof(options.Chunk)), (options.Convolution, nameof(options.Convolution)),
        })
            Arguments.Positive(size, name);
        var (dim, heads) = (options.Dim, options.Heads);
        if (dim % heads != 0)
            Arguments.Fail(nameof(options.Dim), $"{dim} channels", $"a multiple of {heads} heads");
        using var scope = NewDisposeScope();
        _options = options;
        Linear Projection() => nn.Linear(dim, dim, hasBias: false);
        (_query, _key, _value, _output) = (Projection(), Projection(), Projection(), Projection());
        (_queryConvolution, _keyConvolution, _valueConvolution) = (Convolution(), Convolution(), Convolution());
        _gates = nn.Linear(dim, 3 * heads, hasBias: false);
        _gateBias = nn.Parameter(tensor([StepBias, MomentumBias, ForgetBias], ScalarType.Float32).repeat_interleave(heads));
        _initial = new([.. Widths().Select(layer => nn.Parameter(Initial(layer.In, layer.Out)))]);
        RegisterComponents();
        this.Keep();

        // The convolutions begin as the identity, a matrix memory as an empty one; a deep memory without weights would never learn.
        Conv1d Convolution()
        {
            var convolution = nn.Conv1d(dim, dim, options.Convolution, groups: dim, bias: false);
            using var off = no_grad();
            convolution.weight!.zero_().narrow(2, options.Convolution - 1, 1).fill_(1);
            return convolution;
        }
        Tensor Initial(long inputs, long outputs) =>
            options.Depth == 1 ? zeros(heads, inputs, outputs) : randn(heads, inputs, outputs) / Math.Sqrt(inputs);
    }

    /// <summary>The memory before the first token, for as many sequences.</summary>
    public NeuralMemoryState Begin(long batch)
    {
        using var scope = NewDisposeScope();
        return NeuralMemoryState.Fresh([.. _initial.Select(layer => layer.unsqueeze(0).expand(batch, -1, -1, -1))]).MoveOut();
    }

    /// <summary>What the memory recalls for tokens, without learning from them.</summary>
    /// <param name="x"><c>[B,T,d]</c>.</param>
    /// <param name="state">The memory.</param>
    /// <returns><c>[B,T,d]</c>.</returns>
    public Tensor Recall(Tensor x, NeuralMemoryState state)
    {
        using var scope = NewDisposeScope();
        return Joined(NeuralMemory.Read(state, Split(x, _query, _queryConvolution))).MoveToOuterDisposeScope();
    }

    /// <summary>Learns from tokens one after another; each reads the memory that has just learned it.</summary>
    /// <param name="x"><c>[B,T,d]</c>.</param>
    /// <param name="state">The memory before them.</param>
    /// <returns><c>[B,T,d]</c>, and the memory after them.</returns>
    public (Tensor Output, NeuralMemoryState State) Learn(Tensor x, NeuralMemoryState state)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Split(x, _query, _queryConvolution), Split(x, _key, _keyConvolution), Split(x, _value, _valueConvolution));
        var gates = (_gates.call(x) + _gateBias).sigmoid().transpose(1, 2).unsqueeze(-1).chunk(3, 1);
        var (read, after) = NeuralMemory.Chunked(q, k, v, new(gates[0] / _options.Chunk, gates[1], gates[2]), state, _options.Chunk);
        return (Joined(read).MoveToOuterDisposeScope(), after.MoveOut());
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return Learn(x, Begin(x.size(0))).Output.MoveToOuterDisposeScope();
    }

    private IEnumerable<(long In, long Out)> Widths()
    {
        var head = _options.Dim / _options.Heads;
        for (var l = 0; l < _options.Depth; l++)
            yield return (l == 0 ? head : head * _options.Expansion, l == _options.Depth - 1 ? head : head * _options.Expansion);
    }

    private Tensor Split(Tensor x, Linear projection, Conv1d convolution)
    {
        var padded = nn.functional.pad(projection.call(x).transpose(1, 2), [_options.Convolution - 1, 0]);
        var mixed = nn.functional.silu(convolution.call(padded));
        return mixed.reshape(x.size(0), _options.Heads, x.size(2) / _options.Heads, x.size(1)).transpose(2, 3);
    }

    private Tensor Joined(Tensor heads) => _output.call(heads.transpose(1, 2).flatten(2, 3));
}
