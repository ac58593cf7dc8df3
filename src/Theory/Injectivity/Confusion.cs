using static TorchSharp.torch;

namespace Attn.Theory.Injectivity;

/// <summary>Counts pairs of queries that differ while their weights do not: the paper's confusion.</summary>
public static class Confusion
{
    /// <summary>Weights less than this apart (Euclidean) are the same.</summary>
    public const double Tolerance = 1e-3;

    /// <summary>Queries more than this apart (Euclidean) differ.</summary>
    public const double Apart = 1;

    /// <summary>The number of confused pairs.</summary>
    /// <param name="weights"><c>[M,N]</c>, the queries' weights.</param>
    /// <param name="queries"><c>[M,d]</c>.</param>
    /// <param name="tolerance">Weights less than this apart (Euclidean) are the same.</param>
    /// <param name="distance">Queries more than this apart (Euclidean) differ.</param>
    public static int Count(Tensor weights, Tensor queries, double tolerance = Tolerance, double distance = Apart)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(queries);
        if (weights.size(0) != queries.size(0))
            throw new ArgumentException($"weights: got {weights.size(0)} rows, needs {queries.size(0)}, one a query.", nameof(weights));
        using var scope = NewDisposeScope();
        var confused = (Distances(weights) < tolerance) & (Distances(queries) > distance);
        return (int)confused.triu(1).sum().item<long>();
    }

    // By differences: the usual way by products of norms loses what is confused in rounding.
    private static Tensor Distances(Tensor rows) => cdist(rows, rows, compute_mode: TorchSharp.compute_mode.donot_use_mm_for_euclid_dist);
}
