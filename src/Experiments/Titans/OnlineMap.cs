using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What values depend on.</summary>
public enum MapKind
{
    /// <summary>v = kC.</summary>
    Linear,

    /// <summary>v = tanh(1.5·|kA|)B/√12: of even degree in k alone, so that no matrix tells anything of it.</summary>
    Even,
}

/// <summary>A key-value map to be learned online by a memory that sees each pair once. Seeds and step sizes run side by side, in float64.</summary>
public static class OnlineMap
{
    private const int Hidden = 64, Middle = 12, Judged = 400;

    /// <summary>The error of what the memory says of a key before it learns the pair, over the last 400 pairs: Σ‖M(k) − v‖²/Σ‖v‖².</summary>
    /// <param name="map">What is to be learned.</param>
    /// <param name="dim">Channels of keys and values.</param>
    /// <param name="pairs">Length of the stream, at least 400.</param>
    /// <param name="rates">
    /// Step sizes to try, in units of the largest step that is stable: 2θ‖h‖² where h is what the last layer reads at the key.
    /// </param>
    /// <param name="deep">Whether the memory has a hidden layer (of <paramref name="hidden"/> units, first weights of deviation 3, second ones 0) or is a matrix.</param>
    /// <param name="seeds">One map and stream a seed.</param>
    /// <param name="hidden">Width of the hidden layer.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>Errors <c>[rate][seed]</c>.</returns>
    public static double[][] Errors(
        MapKind map, int dim, int pairs, IReadOnlyList<double> rates, bool deep, IReadOnlyList<int> seeds, int hidden = Hidden,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentNullException.ThrowIfNull(seeds);
        if (pairs < Judged)
            throw new ArgumentException($"pairs: got {pairs}, needs at least {Judged}.", nameof(pairs));
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var draws = seeds.Select(seed => Draw(map, dim, pairs, hidden, seed)).ToArray();
        Tensor All(Func<(Tensor K, Tensor V, Tensor First), Tensor> part) => stack([.. draws.Select(part)]).expand(rates.Count, -1, -1, -1);
        var (keys, values, first) = (All(draw => draw.K), All(draw => draw.V), All(draw => draw.First));
        Tensor Empty(int inputs) => zeros(rates.Count, seeds.Count, inputs, dim, dtype: ScalarType.Float64);
        var state = NeuralMemoryState.Fresh(deep ? [first.clone(), Empty(hidden)] : [Empty(dim)]);
        var read = deep ? nn.functional.silu(keys.matmul(first)) : keys;
        var size = read.square().sum(-1, keepdim: true);
        var step = (tensor(rates.ToArray()).view(-1, 1, 1, 1) / (2 * size)).clamp_max(1); // A narrow hidden layer can be nearly silent.
        return Judge(Stream(keys, values, step, state, cancellation), values);
    }

    /// <summary>What the memory says of each of the last keys before it learns them.</summary>
    private static Tensor Stream(Tensor keys, Tensor values, Tensor step, NeuralMemoryState state, CancellationToken cancellation)
    {
        var said = new List<Tensor>();
        var none = zeros_like(step.narrow(2, 0, 1));
        var pairs = (int)keys.size(2);
        for (var t = 0; t < pairs; t++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var (k, v) = (keys.narrow(2, t, 1), values.narrow(2, t, 1));
            if (t >= pairs - Judged)
                said.Add(NeuralMemory.Read(state, k).MoveToOuterDisposeScope());
            var after = NeuralMemory.Recurrent(k, k, v, new(step.narrow(2, t, 1), none, none), state).State;
            foreach (var tensor in after.Weights.Concat(after.Momentum))
                tensor.MoveToOuterDisposeScope();
            foreach (var tensor in state.Weights.Concat(state.Momentum))
                tensor.Dispose();
            state = after;
        }
        return cat(said, 2);
    }

    private static double[][] Judge(Tensor said, Tensor values)
    {
        var right = values.narrow(2, values.size(2) - Judged, Judged);
        var errors = ((said - right).square().sum([2, 3]) / right.square().sum([2, 3])).contiguous();
        return [.. Enumerable.Range(0, (int)errors.size(0)).Select(rate => errors[rate].data<double>().ToArray())];
    }

    private static (Tensor K, Tensor V, Tensor First) Draw(MapKind map, int dim, int pairs, int hidden, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Normal(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
        var keys = nn.functional.normalize(Normal(pairs, dim), dim: -1);
        var values = map == MapKind.Linear
            ? keys.matmul(Normal(dim, dim))
            : (1.5 * keys.matmul(Normal(dim, Middle)).abs()).tanh().matmul(Normal(Middle, dim)) / Math.Sqrt(Middle);
        return (keys, values, 3 * Normal(dim, hidden));
    }
}
