namespace Attn.Theory.Dsf;

/// <summary>All models of the paper's table, with random weights.</summary>
public static class DsfModels
{
    private static readonly (string Name, Func<int, int, long, DsfModel> Create)[] Table =
    [
        ("linear", AttentionModels.Linear),
        ("normalised", (dim, state, seed) => AttentionModels.Normalised(dim, state, seed)),
        ("normalised-softplus", (dim, state, seed) => AttentionModels.Normalised(dim, state, seed, NormFunction.Softplus)),
        ("normalised-sigmoid", (dim, state, seed) => AttentionModels.Normalised(dim, state, seed, NormFunction.Sigmoid)),
        ("softmax-taylor", (dim, state, seed) => AttentionModels.SoftmaxTaylor(dim, state, seed)),
        ("retnet", (dim, state, seed) => AttentionModels.Retention(dim, state, seed)),
        ("gla", AttentionModels.Gated),
        ("s4", StateSpaceModels.S4),
        ("s6", (dim, state, seed) => StateSpaceModels.S6(dim, state, seed)),
        ("ssd", (dim, state, seed) => StateSpaceModels.Ssd(dim, state, seed)),
        ("lru", (dim, _, seed) => StateSpaceModels.Lru(dim, seed)),
        ("qlstm", (dim, _, seed) => GatedModels.QLstm(dim, seed)),
        ("qlstm-reversed", (dim, _, seed) => GatedModels.QLstm(dim, seed, reversed: 1)),
        ("rg-lru", (dim, _, seed) => GatedModels.RgLru(dim, seed)),
    ];

    /// <summary>The names that <see cref="Create"/> takes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Table.Select(row => row.Name)];

    /// <summary>One model.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="dim">d, channels.</param>
    /// <param name="state">n, features or states a channel; models with one state a channel ignore it.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <exception cref="ArgumentException">No such model, or a size below 1.</exception>
    public static DsfModel Create(string name, int dim, int state, long seed)
    {
        if (dim < 1)
            throw new ArgumentException($"dim: got {dim}, needs at least 1.", nameof(dim));
        if (state < 1)
            throw new ArgumentException($"state: got {state}, needs at least 1.", nameof(state));
        return Table.FirstOrDefault(row => row.Name == name).Create is { } create
            ? create(dim, state, seed)
            : throw new ArgumentException($"name: got '{name}', needs one of {string.Join(", ", Names)}.", nameof(name));
    }

    /// <summary>All models.</summary>
    /// <inheritdoc cref="Create"/>
    public static IReadOnlyList<DsfModel> All(int dim, int state, long seed) => [.. Names.Select(name => Create(name, dim, state, seed))];
}
