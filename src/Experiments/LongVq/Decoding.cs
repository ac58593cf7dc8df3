using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Decoding after long contexts, one head: LongVQ's state against a key-value cache.</summary>
public static class Decoding
{
    private const int Dim = 16, ValueDim = 64, Codes = 64, Window = 16;

    /// <summary>The bytes that the state takes after as many tokens, in float32.</summary>
    public static long StateBytes(int tokens)
    {
        using var scope = NewDisposeScope();
        return Read(tokens, 1).State.numel() * sizeof(float);
    }

    /// <summary>The bytes of a cache of as many keys and values, in float32.</summary>
    public static long CacheBytes(int tokens) => (long)tokens * (Dim + ValueDim) * sizeof(float);

    /// <summary>The time of a token after each context, in seconds.</summary>
    /// <param name="contexts">Tokens before it.</param>
    /// <param name="seed">Fixes the tokens.</param>
    public static (double[] LongVq, double[] Cache) Times(IReadOnlyList<int> contexts, int seed)
    {
        const int Often = 30;
        ArgumentNullException.ThrowIfNull(contexts);
        using var scope = NewDisposeScope();
        var pasts = contexts.Select(tokens => Read(tokens, seed)).ToArray();
        Action Repeat(Func<object> step) => () =>
        {
            for (var i = 0; i < Often; i++)
            {
                using var inner = NewDisposeScope();
                step();
            }
        };
        var steps = pasts.Select(past => Repeat(() => LongVq.Step(past.Q, past.K.narrow(2, 0, 1), past.V.narrow(2, 0, 1), past.Codebook, past.Bias, past.State)));
        var cached = pasts.Select(past => Repeat(() => Softmax.Plain(past.Q, past.K, past.V)));
        var times = Timing.Medians([.. steps, .. cached], 7);
        return ([.. times[..contexts.Count].Select(t => t / Often)], [.. times[contexts.Count..].Select(t => t / Often)]);
    }

    private static (Tensor Q, Tensor K, Tensor V, Tensor Codebook, Tensor Bias, Tensor State) Read(int tokens, int seed)
    {
        using var generator = new Generator((ulong)seed, CPU);
        Tensor Normal(params long[] shape) => randn(shape, generator: generator);
        var (codebook, bias, k, v) = (Normal(1, 1, Codes, Dim), Normal(1, 1, Window, 1), Normal(1, 1, tokens, Dim), Normal(1, 1, tokens, ValueDim));
        return (Normal(1, 1, 1, Dim), k, v, codebook, bias, LongVq.Chunked(k, k, v, codebook, bias).State!);
    }
}
