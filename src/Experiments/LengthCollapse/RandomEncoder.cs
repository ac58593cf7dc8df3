using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What a layer mixes, told to who asks.</summary>
/// <param name="weights">The attention matrices, <c>[B,H,n,n]</c>.</param>
/// <param name="values">What they are applied to, <c>[B,H,n,D]</c>.</param>
public delegate void MixingObserver(Tensor weights, Tensor values);

/// <summary>
/// An encoder with random weights and no positions: four pre-norm layers of 64 channels and 4 heads, x ← x + Attn(LN x)W_O and
/// x ← x + ReLU(LN x·W₁)W₂, a fixed CLS vector before the text, a layer norm at the end. Logits have a deviation of about 1.6 at the first layer,
/// as those of trained models have, and not the much smaller one of usual initialisation.
/// </summary>
public sealed class RandomEncoder
{
    /// <summary>Token ids, from 0.</summary>
    public const int Vocabulary = 512;

    /// <summary>Channels.</summary>
    public const int Dim = 64;

    private const int Layers = 4, Heads = 4, Hidden = 4 * Dim;
    private const double LogitDeviation = 1.6;
    private readonly Tensor _table, _cls;
    private readonly Layer[] _layers;

    /// <summary>Draws the weights.</summary>
    /// <param name="seed">Fixes them.</param>
    public RandomEncoder(int seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Normal(int rows, int columns, double variance) =>
            (Math.Sqrt(variance) * randn([rows, columns], generator: generator)).DetachFromDisposeScope();
        (_table, _cls) = (Normal(Vocabulary, Dim, 1), Normal(1, Dim, 1));
        Tensor Map(double gain = 1) => Normal(Dim, Dim, gain / Dim);
        _layers = [.. Enumerable.Range(0, Layers).Select(_ => new Layer(
            Map(LogitDeviation), Map(LogitDeviation), Map(), Map(), Normal(Dim, Hidden, 1.0 / Dim), Normal(Hidden, Dim, 1.0 / Hidden)))];
    }

    private sealed record Layer(Tensor Query, Tensor Key, Tensor Value, Tensor Output, Tensor Up, Tensor Down);

    /// <summary>Texts of uniformly random tokens.</summary>
    /// <param name="count">B.</param>
    /// <param name="length">n.</param>
    /// <param name="seed">Fixes them.</param>
    /// <returns><c>[B,n]</c>, int64.</returns>
    public static Tensor Texts(int count, int length, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        return randint(0, Vocabulary, [count, length], ScalarType.Int64, generator: generator);
    }

    /// <summary>The encoded texts; not differentiable.</summary>
    /// <param name="texts"><c>[B,n]</c>, int64.</param>
    /// <param name="temperature">τ: logits are divided by it.</param>
    /// <param name="mixing">What is in the place of the attention matrix.</param>
    /// <param name="residual">Whether layers add; else x ← Attn(LN x)W_O is all of a layer.</param>
    /// <param name="observe">Told what each layer mixes, from the first; the tensors live as long as the call.</param>
    /// <returns>CLS and tokens, <c>[B,n+1,64]</c>.</returns>
    /// <exception cref="ArgumentException">Texts of another shape, or a temperature that is not positive.</exception>
    public Tensor Encode(
        Tensor texts, double temperature = 1, Mixing mixing = Mixing.Softmax, bool residual = true, MixingObserver? observe = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.dim() != 2)
            throw new ArgumentException($"texts: got rank {texts.dim()}, needs [B,n].", nameof(texts));
        if (!(temperature > 0))
            throw new ArgumentException($"temperature: got {temperature}, needs a positive number.", nameof(temperature));
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (count, length) = (texts.size(0), texts.size(1));
        var words = _table.index_select(0, texts.flatten()).view(count, length, Dim);
        var x = cat([_cls.expand(count, 1, Dim), words], 1);
        foreach (var layer in _layers)
        {
            using var inner = NewDisposeScope();
            var attended = Attend(layer, Norm(x), temperature, mixing, observe);
            x = residual ? x + attended : attended;
            x = (residual ? x + Norm(x).matmul(layer.Up).relu().matmul(layer.Down) : x).MoveToOuterDisposeScope();
        }

        return Norm(x).MoveToOuterDisposeScope();
    }

    private static Tensor Attend(Layer layer, Tensor x, double temperature, Mixing mixing, MixingObserver? observe)
    {
        var (count, length) = (x.size(0), x.size(1));
        Tensor Split(Tensor map) => x.matmul(map).view(count, length, Heads, Dim / Heads).transpose(1, 2);
        var values = Split(layer.Value);
        var weights = mixing switch
        {
            Mixing.Softmax => Softmax.Weights(Split(layer.Query), Split(layer.Key), scale: 1 / (temperature * Math.Sqrt(Dim / Heads))),
            Mixing.Identity => eye(length).expand(count, Heads, length, length),
            _ => full([length, length], 1f / length).expand(count, Heads, length, length),
        };
        observe?.Invoke(weights, values);
        return weights.matmul(values).transpose(1, 2).reshape(count, length, Dim).matmul(layer.Output);
    }

    private static Tensor Norm(Tensor x) => nn.functional.layer_norm(x, [Dim]);
}
