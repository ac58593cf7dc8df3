using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// One attention read over keys that are drawn anew for every sequence: of N Gaussian keys in 32 channels one is relevant, and the query is
/// that key and 0.6 of noise. Learned are the maps of queries and keys, a table of 32 values and how they are read.
/// </summary>
public sealed class FreshKeyModel : nn.Module
{
    private const int Dim = 32, Values = 32;
    private const double Noise = 0.6;
    private readonly Parameter _query, _key, _values, _output;

    /// <summary>A model with fresh weights: maps of deviation 1/6, values of deviation ½.</summary>
    /// <param name="seed">Fixes them.</param>
    public FreshKeyModel(int seed)
        : base(nameof(FreshKeyModel))
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Parameter Normal(double deviation) => nn.Parameter(deviation * randn([Dim, Dim], generator: generator));
        (_query, _key, _values, _output) = (Normal(1.0 / 6), Normal(1.0 / 6), Normal(0.5), Normal(1.0 / 6));
        RegisterComponents();
        this.Keep();
    }

    /// <summary>The loss in nats, a scalar, and the share of right values on sequences fresh from the generator.</summary>
    /// <param name="batch">Sequences, at least 1.</param>
    /// <param name="keys">N, at least 1.</param>
    /// <param name="factor">What logits at 1/√32 are multiplied with.</param>
    /// <param name="generator">The source of the draw.</param>
    /// <exception cref="ArgumentException">A size below 1.</exception>
    public (Tensor Loss, double Accuracy) Read(int batch, int keys, double factor, Generator generator)
    {
        ArgumentNullException.ThrowIfNull(generator);
        foreach (var (size, name) in new[] { (batch, nameof(batch)), (keys, nameof(keys)) })
            if (size < 1)
                throw new ArgumentException($"{name}: got {size}, needs at least 1.", name);
        using var scope = NewDisposeScope();
        var places = randn([batch, keys, Dim], generator: generator);
        var ids = randint(0, Values, [batch, keys], ScalarType.Int64, generator: generator);
        var asked = places.select(1, 0) + Noise * randn([batch, Dim], generator: generator); // No positions: the relevant key may be the first.
        var query = asked.matmul(_query).matmul(_key.t()).unsqueeze(-1);
        var weights = (places.matmul(query).squeeze(-1) * (factor / Math.Sqrt(Dim))).softmax(-1);
        // Weights are added up by value before the table is read: there are fewer values than keys.
        var logits = zeros(batch, Values).scatter_add(1, ids, weights).matmul(_values).matmul(_output);
        var answers = ids.select(1, 0);
        return (nn.functional.cross_entropy(logits, answers).MoveToOuterDisposeScope(), logits.argmax(-1).eq(answers).to(ScalarType.Float64).mean().item<double>());
    }
}
