using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>How long one more token takes after a context: 16 heads of 16 channels (d = 256), one sequence, float32.</summary>
public static class DecodingStudy
{
    private const int Heads = 16, HeadDim = 16, Window = 64, Tokens = 50;

    /// <summary>What is timed.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["Taylor state", "window 64", "key-value cache"];

    /// <summary>Milliseconds a token, [kind][context].</summary>
    /// <param name="contexts">Tokens before those that are timed.</param>
    /// <param name="repeats">Rounds of 50 tokens, of which the median counts.</param>
    public static double[][] Milliseconds(IReadOnlyList<int> contexts, int repeats = 5)
    {
        ArgumentNullException.ThrowIfNull(contexts);
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var runs = new[] { State, Cached, All }.SelectMany(kind => contexts.Select(kind)).ToArray();
        return [.. Timing.Medians(runs, repeats).Select(seconds => 1e3 * seconds / Tokens).Chunk(contexts.Count)];
    }

    private static Tensor Draw(int length) => randn(1, Heads, length, HeadDim);

    private static Action State(int context)
    {
        Tensor Map(Tensor x) => TaylorFeatureMap.Symmetric(x);
        var before = LinearAttention.Chunked(Draw(context), Draw(context), Draw(context), causal: true, featureMap: Map).State!;
        return Decode(before, (q, k, v, state) => LinearAttention.Step(q, k, v, state, Map));
    }

    private static Action Cached(int context)
    {
        var before = SlidingWindow.Blocks(Draw(context), Draw(context), Draw(context), Window).State!;
        return Decode(before, (q, k, v, state) => SlidingWindow.Step(q, k, v, state, Window));
    }

    /// <summary>The cache has room for what comes, so that a token is written and none is copied.</summary>
    private static Action All(int context)
    {
        var (keys, values) = (Draw(context + Tokens), Draw(context + Tokens));
        var (q, k, v) = (Draw(1), Draw(1), Draw(1));
        return () =>
        {
            for (var t = context; t < context + Tokens; t++)
            {
                using var step = NewDisposeScope();
                keys.narrow(2, t, 1).copy_(k);
                values.narrow(2, t, 1).copy_(v);
                Softmax.Plain(q, keys.narrow(2, 0, t + 1), values.narrow(2, 0, t + 1));
            }
        };
    }

    private static Action Decode(Tensor before, Func<Tensor, Tensor, Tensor, Tensor, AttentionOutput> step)
    {
        var (q, k, v) = (Draw(1), Draw(1), Draw(1));
        return () =>
        {
            using var run = NewDisposeScope();
            var state = before.alias();
            for (var t = 0; t < Tokens; t++)
            {
                using var one = NewDisposeScope();
                var after = step(q, k, v, state);
                state.Dispose();
                state = after.State!.MoveToOuterDisposeScope();
            }
        };
    }
}
