using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What a forward pass of a <see cref="ProbedTransformer"/> shows.</summary>
/// <param name="Logits">Of the next tokens, <c>[B,T,vocabulary]</c>.</param>
/// <param name="Queries">After norms and temperatures, <c>[B,H,T,d_h]</c>, one a layer.</param>
/// <param name="Keys">As <paramref name="Queries"/>.</param>
/// <param name="Weights">The attention matrices, <c>[B,H,T,T]</c>, one a layer.</param>
public sealed record ProbedPass(Tensor Logits, IReadOnlyList<Tensor> Queries, IReadOnlyList<Tensor> Keys, IReadOnlyList<Tensor> Weights)
{
    private const double Tiny = 1e-20;

    /// <summary>max |q·k|/√d_h over the pairs that are seen, of all layers; 0 without layers.</summary>
    public double MaxAttentionLogit()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return Queries.Zip(Keys, (q, k) => (double)q.matmul(k.transpose(-2, -1)).tril().abs().max().item<float>() / Math.Sqrt(q.size(-1)))
            .DefaultIfEmpty(0).Aggregate(NaNOrLarger);
    }

    /// <summary>The logits of each layer's attention, <c>[B,H,T,T]</c>, as its softmax gets them: −∞ where a key is not seen.</summary>
    public IReadOnlyList<Tensor> AttentionLogits() => [.. Queries.Zip(Keys, (q, k) => Kernels.Softmax.Logits(q, k, causal: true))];

    /// <summary>The mean over places of |ln Z|, Z = Σ exp(logits).</summary>
    public double MeanLogZ()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        return Logits.logsumexp(-1).abs().mean().item<float>();
    }

    /// <summary>What makes logits large: the root mean square of ‖q‖ and ‖k‖, and the mean |cos(q, k)| over the pairs that are seen, of all layers.</summary>
    /// <returns>Three times 0 without layers.</returns>
    public (double Query, double Key, double Cosine) QueryKeySizes()
    {
        if (Queries.Count == 0)
            return default;
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var (q, k) = (stack(Queries), stack(Keys));
        var (queries, keys) = (q.norm(-1, keepdim: true), k.norm(-1, keepdim: true));
        var cosines = (q / queries.clamp_min(Tiny)).matmul((k / keys.clamp_min(Tiny)).transpose(-2, -1)).abs();
        var seen = ones(cosines.shape[^2], cosines.shape[^1], dtype: ScalarType.Bool).tril();
        return (Rms(queries), Rms(keys), cosines.masked_select(seen).mean().item<float>());

        static double Rms(Tensor norms) => norms.square().mean().sqrt().item<float>();
    }

    // Unlike Math.Max of a sequence's Max, NaN stays.
    private static double NaNOrLarger(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? double.NaN : Math.Max(a, b);
}

/// <summary>
/// A small causal decoder whose parts can be left out and whose attention can be watched: token and learned position embeddings, blocks, an untied
/// head. What the experiments on entropy and training instabilities train. Embeddings and head are never under σReparam.
/// </summary>
public sealed class ProbedTransformer : nn.Module<Tensor, ProbedPass>
{
    private readonly Embedding _tokens, _positions;
    private readonly ModuleList<ProbedBlock> _blocks;
    private readonly GainNorm? _norm;
    private readonly Linear _head;

    /// <summary>A model with fresh weights.</summary>
    /// <param name="shape">The size; without layers it is a bigram model that knows its place.</param>
    /// <param name="options">Its parts.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <exception cref="ArgumentException">Channels that heads do not divide, σReparam of one map for queries, keys and values, or a cap or temperature that is not positive.</exception>
    public ProbedTransformer(TransformerShape shape, ProbedOptions options, int seed)
        : base(nameof(ProbedTransformer))
    {
        Validate(shape, options);
        (_tokens, _positions) = (nn.Embedding(shape.Vocabulary, shape.Dim), nn.Embedding(shape.Length, shape.Dim));
        _blocks = nn.ModuleList([.. Enumerable.Range(0, shape.Layers).Select(_ => new ProbedBlock(shape, options))]);
        (_norm, _head) = (options.LayerNorms ? new(shape.Dim, options.NormEpsilon) : null, nn.Linear(shape.Dim, shape.Vocabulary, hasBias: false));
        RegisterComponents();
        // The order of the draws is part of what a seed means.
        IEnumerable<nn.Module> maps = options.SeparateMaps
            ? [.. _blocks.SelectMany(block => block.Attention.Maps), .. _blocks.SelectMany(block => block.Mlp)]
            : _blocks.SelectMany(block => block.Mlp.Concat(block.Attention.Maps));
        Weights.Initialise([_tokens, _positions, _head, .. maps], seed);
    }

    /// <summary>Weights of maps and embeddings: what decays. Gains, scalings and temperatures do not, nor weights under σReparam, whose length is nothing.</summary>
    public IReadOnlyList<Tensor> Matrices =>
        [.. modules().Select(module => (module as Linear)?.weight ?? (module as Embedding)?.weight).OfType<Tensor>()];

    /// <summary>The norms of each layer's maps.</summary>
    public IReadOnlyList<MapNorms> Norms() => [.. _blocks.Select(block => block.Attention.Norms())];

    /// <summary>Multiplies γ of all queries and keys.</summary>
    /// <exception cref="InvalidOperationException">They are not under σReparam.</exception>
    public void MultiplyGamma(double factor)
    {
        foreach (var block in _blocks)
            block.Attention.MultiplyGamma(factor);
    }

    /// <summary>The logits of the next tokens, and what attention did.</summary>
    /// <param name="input"><c>[B,T]</c>, int64.</param>
    public override ProbedPass forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = _tokens.call(input) + _positions.call(arange(input.size(1), ScalarType.Int64, input.device));
        var probes = new List<ProbedOutput>();
        foreach (var block in _blocks)
        {
            probes.Add(block.call(x));
            x = probes[^1].Output;
        }

        return new(
            _head.call(_norm?.call(x) ?? x).MoveToOuterDisposeScope(), Kept(probe => probe.Queries), Kept(probe => probe.Keys), Kept(probe => probe.Weights));

        Tensor[] Kept(Func<ProbedOutput, Tensor> which) => [.. probes.Select(probe => which(probe).MoveToOuterDisposeScope())];
    }

    private static void Validate(TransformerShape shape, ProbedOptions options)
    {
        if (shape.Dim % shape.Heads != 0)
            throw new ArgumentException($"shape: got {shape.Dim} channels, needs a multiple of {shape.Heads} heads.", nameof(shape));
        if (!options.SeparateMaps && (options.Sigma & ~SigmaPlaces.Mlp) != SigmaPlaces.None)
            throw new ArgumentException($"options: got σReparam of {options.Sigma} and one map for queries, keys and values, needs separate maps.", nameof(options));
        if (!(options.Cap > 0 && double.IsFinite(options.Cap)))
            throw new ArgumentException($"options: got a cap of {options.Cap}, needs a positive number.", nameof(options));
        if (options.Temperature is { } temperature && !(temperature > 0 && double.IsFinite(temperature)))
            throw new ArgumentException($"options: got a temperature of {temperature}, needs a positive number.", nameof(options));
    }
}
