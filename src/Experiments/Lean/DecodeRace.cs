using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Decoding shared out to real threads: one output a worker at a time, against equal shares of all tiles.</summary>
public sealed class DecodeRace : IDisposable
{
    private const int Tile = 256;
    private readonly Tensor _q;
    private readonly Tensor _k;
    private readonly Tensor _v;

    /// <summary>Random queries, keys and values.</summary>
    /// <param name="outputs">Outputs.</param>
    /// <param name="rows">Query rows of each.</param>
    /// <param name="context">Cached tokens of each.</param>
    /// <param name="dim">Width of a head.</param>
    /// <param name="seed">Seed.</param>
    public DecodeRace(int outputs, int rows, int context, int dim, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Normal(int length) => randn([outputs, length, dim], generator: generator).DetachFromDisposeScope();
        (_q, _k, _v) = (Normal(rows), Normal(context), Normal(context));
    }

    /// <summary>The schedule of equal shares.</summary>
    public LeanSchedule EqualShares(int workers) =>
        LeanSchedule.Plan([.. Enumerable.Repeat((int)(_k.size(1) + Tile - 1) / Tile, (int)_k.size(0))], workers);

    /// <summary>The schedule that deals whole outputs out in turn.</summary>
    public IReadOnlyList<IReadOnlyList<LeanSegment>> WholeOutputs(int workers)
    {
        var tiles = EqualShares(1).TilesPerOutput;
        return [.. Enumerable.Range(0, workers).Select(worker =>
            (IReadOnlyList<LeanSegment>)[.. Enumerable.Range(0, tiles.Count).Where(output => output % workers == worker)
                .Select(output => new LeanSegment(output, 0, tiles[output], IsHost: true))])];
    }

    /// <summary>Runs a schedule, one thread a worker, and merges what an output's workers found.</summary>
    /// <returns><c>[outputs,rows,dim]</c>.</returns>
    public Tensor Run(IReadOnlyList<IReadOnlyList<LeanSegment>> segments)
    {
        ArgumentNullException.ThrowIfNull(segments);
        var partials = new (int Output, SoftmaxPartial Partial)[segments.Count][];
        var threads = segments.Select((share, worker) => new Thread(() => partials[worker] = [.. share.Select(s => (s.Output, Partial(s)))])).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        using var scope = NewDisposeScope();
        var merged = partials.SelectMany(found => found).GroupBy(found => found.Output).OrderBy(output => output.Key)
            .Select(output => output.Select(found => Attach(scope, found.Partial)).Aggregate((a, b) => a.Merge(b)).Finish());
        return stack([.. merged]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _q.Dispose();
        _k.Dispose();
        _v.Dispose();
    }

    private SoftmaxPartial Partial(LeanSegment segment)
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var q = _q[segment.Output] / Math.Sqrt(_q.size(2));
        SoftmaxPartial? sofar = null;
        for (var tile = segment.Begin; tile < segment.End; tile++)
        {
            var size = Math.Min(Tile, _k.size(1) - tile * Tile);
            var keys = _k[segment.Output].narrow(0, tile * Tile, size);
            var next = SoftmaxPartial.Of(q.matmul(keys.transpose(0, 1)), _v[segment.Output].narrow(0, tile * Tile, size));
            sofar = sofar?.Merge(next) ?? next;
        }
        // The scope ends with this thread's work; the result is handed to the thread that merges.
        foreach (var tensor in new[] { sofar!.Maximum, sofar.Sum, sofar.Output })
            tensor.DetachFromDisposeScope();
        return sofar;
    }

    private static SoftmaxPartial Attach(TorchSharp.DisposeScope scope, SoftmaxPartial partial)
    {
        scope.Attach(partial.Maximum);
        scope.Attach(partial.Sum);
        scope.Attach(partial.Output);
        return partial;
    }
}
