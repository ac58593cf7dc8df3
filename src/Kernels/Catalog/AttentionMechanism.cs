using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>One way to compute a mechanism.</summary>
/// <param name="Name">As the field names it: <c>parallel</c>, <c>chunked</c>, <c>recurrent</c>, <c>tiled</c>, <c>sdpa</c>.</param>
/// <param name="Run">The computation; pure, differentiable by autograd unless said otherwise.</param>
/// <param name="Patterns">The patterns this form serves, a subset of the row's.</param>
public sealed record AttentionForm(string Name, Func<AttentionInputs, AttentionOutput> Run, AttentionPatterns Patterns)
{
    /// <summary>The same computation in blocks (chunks, tile edges) of as many tokens as given; null for a form without blocks.</summary>
    public Func<AttentionInputs, int, AttentionOutput>? RunInBlocks { get; init; }

    /// <summary>The form cut into blocks of a given size, under a name that says so; none for a form without blocks.</summary>
    /// <param name="sizes">Tokens a block.</param>
    public IEnumerable<AttentionForm> InBlocks(params int[] sizes) => RunInBlocks is { } run
        ? sizes.Select(size => this with { Name = $"{Name} in blocks of {size}", Run = inputs => run(inputs, size) })
        : [];

    /// <summary>The slug of the paper whose content is this form, where that is not the row's own paper; else null.</summary>
    public string? Paper { get; init; }
}

/// <summary>A tensor that a mechanism needs besides q, k and v.</summary>
/// <param name="Name">Its argument name, such as <c>logGate</c>.</param>
/// <param name="Meaning">One line for help: shape, range, meaning.</param>
/// <param name="Sample">Draws a valid random one for a shape; used by tests, benches and <c>#!attn run</c>.</param>
public sealed record AttentionExtra(string Name, string Meaning, Func<AttentionShape, Generator, ScalarType, Tensor> Sample)
{
    /// <summary>The least value it may have; −∞ when every finite number is allowed downwards. Ops refuse less.</summary>
    public double Least { get; init; } = double.NegativeInfinity;

    /// <summary>The largest value it may have; +∞ when every finite number is allowed upwards. Ops refuse more.</summary>
    public double Most { get; init; } = double.PositiveInfinity;

    /// <summary>
    /// Whether it is set as a rule, not learned, such as a head's fixed decay: benches take no gradient by it, and a GPU kernel may leave such a
    /// gradient to libtorch's operations.
    /// </summary>
    public bool IsSetting { get; init; }
}

/// <summary>Computes the attention matrix <c>[B,H,Tq,Tk]</c>, or only chosen query rows of it.</summary>
/// <param name="inputs">The call whose matrix is wanted; its initial state has no part in it.</param>
/// <param name="rows">The query rows, in the order wanted; all when null.</param>
public delegate Tensor AttentionWeights(AttentionInputs inputs, IReadOnlyList<int>? rows = null);

/// <summary>One row of the catalogue: everything that tests, benches, help, completion and tables know of a mechanism.</summary>
public sealed record AttentionMechanism
{
    /// <summary>The name used on command lines: lower case and hyphens, such as <c>gated-linear</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The field's name for it, such as <c>Gated linear attention</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The paper's slug, such as <c>02-gated-linear-attention</c>; null for a baseline without a notebook of its own.</summary>
    public string? Paper { get; init; }

    /// <summary>Why <see cref="Paper"/> has no notebook yet; null when it has one.</summary>
    public string? NoNotebook { get; init; }

    /// <summary>The citation, such as <c>Yang et al., ICML 2024, arXiv 2312.06635</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Mechanisms of one kind, such as <c>softmax</c> or <c>linear</c>.</summary>
    public required string Family { get; init; }

    /// <summary>One sentence on what it does.</summary>
    public required string Summary { get; init; }

    /// <summary>The defining equation, in LaTeX without delimiters.</summary>
    public required string Equation { get; init; }

    /// <summary>The patterns it serves.</summary>
    public required AttentionPatterns Patterns { get; init; }

    /// <summary>The plain reference: short, slow, reads like the paper's formula.</summary>
    public required AttentionForm Reference { get; init; }

    /// <summary>The forms to use; the first is the default.</summary>
    public required IReadOnlyList<AttentionForm> Forms { get; init; }

    /// <summary>What a causal or noncausal forward pass costs at a shape.</summary>
    public required Func<AttentionShape, bool, AttentionCost> Cost { get; init; }

    /// <summary>Tensors needed besides q, k and v.</summary>
    public IReadOnlyList<AttentionExtra> Extras { get; init; } = [];

    /// <summary>The state carried from token to token; null for a mechanism without one.</summary>
    public AttentionExtra? State { get; init; }

    /// <summary>Gives the attention matrix, whole or in chosen rows; null when the mechanism has none.</summary>
    public AttentionWeights? Weights { get; init; }

    /// <summary>Why the mechanism has no attention matrix; null when it has one.</summary>
    public string? NoWeights { get; init; }

    /// <summary>
    /// φ, where the mechanism is linear attention with a feature map and nothing besides, o_i = φ(q_i)ᵀΣφ(k_j)v_jᵀ / φ(q_i)ᵀΣφ(k_j); else null.
    /// </summary>
    public FeatureMap? Features { get; init; }

    /// <summary>Why a key that a query may see can have weight 0 all the same; null when every one of them counts.</summary>
    public string? CutsKeys { get; init; }

    /// <summary>
    /// Makes the mechanism's own layer, from channels, heads and causality, where something besides projections is learned, such as a gate;
    /// null where nothing is.
    /// </summary>
    public Func<int, int, bool, nn.Module<Tensor, Tensor>>? Layer { get; init; }

    /// <summary>A layer of a network with this mechanism inside, <c>[B,T,d]</c> to <c>[B,T,d]</c>.</summary>
    /// <param name="dim">d, channels; a multiple of <paramref name="heads"/>.</param>
    /// <param name="heads">H.</param>
    /// <param name="causal">Whether a token sees only what came before it.</param>
    /// <exception cref="ArgumentException">The mechanism does not serve such a call, or has no layer.</exception>
    public nn.Module<Tensor, Tensor> CreateLayer(int dim, int heads, bool causal = true)
    {
        if (!Patterns.HasFlag(causal ? AttentionPatterns.CausalSelf : AttentionPatterns.NoncausalSelf))
            Arguments.Fail(nameof(causal), causal.ToString().ToLowerInvariant(), $"what {Id} serves: {Patterns}");
        if (Layer is { } create)
            return create(dim, heads, causal);
        if (Extras.Count > 0)
            throw new ArgumentException($"mechanism: got {Id}, needs one with a layer: nothing says how {string.Join(", ", Extras.Select(extra => extra.Name))} would be learned.");
        return new ProjectedAttention(dim, heads, (q, k, v) => Form().Run(new(q, k, v) { Causal = causal }).Output);
    }

    /// <summary>Whether the row serves a call of that shape: self-attention when Tq = Tk, else cross-attention.</summary>
    public bool Serves(AttentionShape shape, bool causal) => Patterns.HasFlag(shape.Pattern(causal));

    /// <summary>The attention matrix of chosen heads and query rows; nothing else of it is computed.</summary>
    /// <param name="inputs">The call whose matrix is wanted.</param>
    /// <param name="heads">The heads, in the order wanted; all when null.</param>
    /// <param name="rows">The query rows, in the order wanted; all when null.</param>
    /// <returns><c>[B,heads,rows,Tk]</c>.</returns>
    /// <exception cref="ArgumentException">The mechanism has no matrix, or an index is out of range.</exception>
    public Tensor WeightsOf(AttentionInputs inputs, IReadOnlyList<int>? heads = null, IReadOnlyList<int>? rows = null)
    {
        if (Weights is not { } weights)
            throw new ArgumentException($"mechanism: got {Id}, needs one with an attention matrix. {NoWeights}", nameof(inputs));
        using var scope = NewDisposeScope();
        return weights(heads is null ? inputs : inputs.OfHeads(heads), rows).MoveToOuterDisposeScope();
    }

    /// <summary>The form named <paramref name="name"/>, or the default one when it is null.</summary>
    /// <exception cref="ArgumentException">No form has that name; the message lists those that exist.</exception>
    public AttentionForm Form(string? name = null) => name is null
        ? Forms[0]
        : Forms.FirstOrDefault(form => form.Name == name) ?? throw new ArgumentException(
            $"form: '{name}' is not a form of {Id}; it has {string.Join(", ", Forms.Select(form => form.Name))}.", nameof(name));
}
