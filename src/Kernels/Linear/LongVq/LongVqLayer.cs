using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// LongVQ's layer, <c>[B,T,d]</c> to <c>[B,T,d]</c>, causal: a damped moving average m of the input; Z = SiLU(mW_z), from which queries and
/// keys differ by a scale and shift of each channel; values SiLU(xW_v); attention o over quantised keys; a reset gate r on it and an update
/// gate g between its outcome and the input: y = g∘SiLU(mW_m + (r∘o)W_o + b) + (1 − g)∘x.
/// </summary>
public sealed class LongVqLayer : nn.Module<Tensor, Tensor>
{
    private readonly LongVqOptions _options;
    private readonly DampedEma? _average;
    private readonly Linear _shared, _value, _reset, _direct, _attended, _update;
    private readonly Parameter _queryScale, _queryShift, _keyScale, _keyShift;
    private readonly Parameter? _windowBias;
    private readonly VectorQuantizer _quantizer;

    /// <summary>A layer with fresh weights.</summary>
    /// <exception cref="ArgumentException">A size below 1, or channels that heads do not divide.</exception>
    public LongVqLayer(LongVqOptions options)
        : base(nameof(LongVqLayer))
    {
        ArgumentNullException.ThrowIfNull(options);
        Arguments.Positive(options.Dim, nameof(options.Dim));
        Arguments.Positive(options.Heads, nameof(options.Heads));
        if (options.Dim % options.Heads != 0)
            Arguments.Fail(nameof(options.Dim), $"{options.Dim} channels", $"a multiple of {options.Heads} heads");
        if (options.Keys == LongVqKeys.ExactInWindow)
            Arguments.Positive(options.Window, nameof(options.Window));
        var (dim, heads, keyDim) = (options.Dim, options.Heads, options.KeyDim);
        _options = options;
        _quantizer = new(heads, options.Codes, keyDim, seed: options.Seed);
        _average = options.Order == 0 ? null : new(dim, options.Order, options.Seed + 1);
        (_shared, _value) = (nn.Linear(dim, keyDim), nn.Linear(dim, dim));
        (_reset, _direct, _attended, _update) = (nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim, hasBias: false), nn.Linear(dim, dim));
        // Not the published code's deviation of 0.02, with which attention begins uniform.
        (_queryScale, _keyScale) = (nn.Parameter(ones(heads, 1, keyDim)), nn.Parameter(ones(heads, 1, keyDim)));
        (_queryShift, _keyShift) = (nn.Parameter(zeros(heads, 1, keyDim)), nn.Parameter(zeros(heads, 1, keyDim)));
        if (options.Window > 0)
            _windowBias = nn.Parameter(zeros(1, heads, options.Window, 1));
        RegisterComponents();
        this.Keep();
    }

    /// <summary>The codebook.</summary>
    public VectorQuantizer Quantizer => _quantizer;

    /// <summary>The mean squared distance of keys and codes in the last forward pass, for the loss; null before it, and without codes.</summary>
    public Tensor? Commitment { get; private set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var smooth = _average?.call(x) ?? x;
        var direct = _direct.call(smooth);
        if (_options.Keys != LongVqKeys.None)
            direct = direct + _attended.call(nn.functional.silu(_reset.call(smooth)) * Attend(x, smooth));
        var gate = _update.call(smooth).sigmoid();
        return (gate * nn.functional.silu(direct) + (1 - gate) * x).MoveToOuterDisposeScope();
    }

    /// <summary>The keys before quantising, <c>[B,H,T,z]</c>.</summary>
    /// <param name="x"><c>[B,T,d]</c>.</param>
    public Tensor Keys(Tensor x)
    {
        using var scope = NewDisposeScope();
        return KeysOf(Shared(_average?.call(x) ?? x)).MoveToOuterDisposeScope();
    }

    private Tensor Shared(Tensor smooth) => nn.functional.silu(_shared.call(smooth)).unsqueeze(1);

    private Tensor KeysOf(Tensor shared)
    {
        var keys = _keyScale * shared + _keyShift;
        return _options.NormaliseKeys ? nn.functional.layer_norm(keys, [_options.KeyDim]) : keys;
    }

    private Tensor Attend(Tensor x, Tensor smooth)
    {
        var (shared, heads) = (Shared(smooth), _options.Heads);
        var (q, k) = (_queryScale * shared + _queryShift, KeysOf(shared));
        var v = nn.functional.silu(_value.call(x)).reshape(x.size(0), x.size(1), heads, x.size(2) / heads).transpose(1, 2);
        var attended = _options.Keys != LongVqKeys.Quantised ? Dense(q, k, v)
            : training ? Trained(q, k, v)
            : LongVq.Chunked(q, k, v, _quantizer.Codebook, _windowBias ?? zeros(1, heads, 1, 1, device: q.device)).Output;
        return attended.transpose(1, 2).flatten(2, 3);
    }

    /// <summary>All pairs, so that every key's gradient passes through its code: the window alone would give it to near keys only.</summary>
    private Tensor Trained(Tensor q, Tensor k, Tensor v)
    {
        var codes = Codebook.Assign(k, _quantizer.Codebook);
        var quantised = Codebook.Look(_quantizer.Codebook, codes);
        Commitment = (k - quantised).square().sum(-1).mean().MoveToOuterDisposeScope();
        if (_options.UpdateCodes)
            _quantizer.Update(k.detach(), codes);
        return Dense(q, Codebook.StraightThrough(k, quantised), v);
    }

    private Tensor Dense(Tensor q, Tensor k, Tensor v)
    {
        var length = q.size(2);
        var back = arange(length, ScalarType.Int64, q.device).unsqueeze(1) - arange(length, ScalarType.Int64, q.device);
        var scores = q.matmul(k.transpose(2, 3)) / Math.Sqrt(_options.KeyDim);
        if (_windowBias is not null)
            scores = scores + (_windowBias.squeeze(-1).index_select(2, back.clamp(0, _options.Window - 1).flatten()).view(1, -1, length, length) * (back < _options.Window));
        var hidden = _options.Keys == LongVqKeys.ExactInWindow ? (back < 0) | (back >= _options.Window) : back < 0;
        return scores.masked_fill(hidden, double.NegativeInfinity).softmax(-1).matmul(v);
    }
}
