using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The gated linear attention layer, x <c>[B,T,d]</c> to <c>[B,T,d]</c> (Yang et al. 2024, §4.4): q, k, v without bias;
/// log α = logsigmoid(xW¹W² + b)/τ; per-head LayerNorm without weights; y = (Swish(xW_r + b_r) ∘ o)W_O. Queries are scaled by D^−½ once.
/// </summary>
public sealed class GlaLayer : nn.Module<Tensor, Tensor>
{
    private const double Gain = 0.1767766952966369; // 2^−2.5: the authors' initialisation of q, k and the gate
    private const double Deviation = 0.02;
    private const double Epsilon = 1e-5;

    private readonly GlaOptions _options;
    private readonly Linear _query, _key, _value, _output;
    private readonly Linear? _gateDown, _gateUp, _outputGate;
    private readonly Parameter? _gateBias;

    /// <summary>A layer with the authors' initialisation.</summary>
    /// <exception cref="ArgumentException">Widths that the heads do not divide, or a τ that is not positive.</exception>
    public GlaLayer(GlaOptions options)
        : base(nameof(GlaLayer))
    {
        ArgumentNullException.ThrowIfNull(options);
        Arguments.Positive(options.Dim, nameof(options.Dim));
        Arguments.Positive(options.Heads, nameof(options.Heads));
        if (!(options.GateNormalizer > 0))
            Arguments.Fail(nameof(options.GateNormalizer), options.GateNormalizer.ToString(System.Globalization.CultureInfo.InvariantCulture), "a positive number");
        _options = options;
        var (dim, keyDim, valueDim) = (options.Dim, Width(options.ExpandKey, nameof(options.ExpandKey)), Width(options.ExpandValue, nameof(options.ExpandValue)));
        (_query, _key, _value, _output) = (Projection(dim, keyDim), Projection(dim, keyDim), Projection(dim, valueDim), Projection(valueDim, dim));
        if (options.Gate == GlaGate.PerToken)
            (_gateDown, _gateUp) = (Projection(dim, options.GateRank), Projection(options.GateRank, keyDim));
        if (options.Gate != GlaGate.None)
            _gateBias = nn.Parameter(full([keyDim], options.GateBias));
        if (options.NormAndOutputGate)
            _outputGate = nn.Linear(dim, valueDim);
        RegisterComponents();
        this.Keep();
        Initialise();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var (q, k, v, logGate) = (Split(_query.call(x)), Split(_key.call(x)), Split(_value.call(x)), Split(LogGate(x)));
        // Short sequences are one chunk, which the parallel form computes in fewer steps.
        var scale = 1 / Math.Sqrt(q.size(3));
        var o = (q.size(2) <= 64
            ? GatedLinear.Parallel(q, k, v, logGate, scale: scale)
            : GatedLinear.Chunked(q, k, v, logGate, scale: scale)).Output;
        if (_outputGate is null)
            return _output.call(Join(o)).MoveToOuterDisposeScope();
        var normalised = nn.functional.layer_norm(o, [o.size(3)], eps: Epsilon);
        return _output.call(nn.functional.silu(_outputGate.call(x)) * Join(normalised)).MoveToOuterDisposeScope();
    }

    /// <summary>log α of every token, <c>[B,T,d_k]</c>, at most 0.</summary>
    /// <param name="x"><c>[B,T,d]</c>.</param>
    public Tensor LogGate(Tensor x)
    {
        using var scope = NewDisposeScope();
        long[] shape = [x.size(0), x.size(1), _query.weight!.size(0)];
        if (_gateBias is null)
            return zeros(shape, x.dtype, x.device).MoveToOuterDisposeScope();
        var logits = _gateUp is null ? _gateBias.expand(shape) : _gateUp.call(_gateDown!.call(x)) + _gateBias;
        return (nn.functional.logsigmoid(logits) / _options.GateNormalizer).MoveToOuterDisposeScope();
    }

    private static Linear Projection(long inputs, long outputs) => nn.Linear(inputs, outputs, hasBias: false);

    private int Width(double expand, string name)
    {
        var width = (int)Math.Round(_options.Dim * expand);
        if (width < 1 || width % _options.Heads != 0)
            Arguments.Fail(name, $"{width} channels of {_options.Dim}", $"a positive multiple of {_options.Heads} heads");
        return width;
    }

    private Tensor Split(Tensor x) => x.reshape(x.size(0), x.size(1), _options.Heads, x.size(2) / _options.Heads).transpose(1, 2);

    private static Tensor Join(Tensor heads) => heads.transpose(1, 2).flatten(2, 3);

    private void Initialise()
    {
        using var off = no_grad();
        foreach (var matrix in new[] { _query, _key, _gateDown, _gateUp }.OfType<Linear>())
            nn.init.xavier_uniform_(matrix.weight!, Gain);
        foreach (var matrix in new[] { _value, _output, _outputGate }.OfType<Linear>())
        {
            nn.init.normal_(matrix.weight!, 0, Deviation);
            if (matrix.bias is not null)
                nn.init.zeros_(matrix.bias);
        }
    }
}
