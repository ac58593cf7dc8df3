using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>How far attention over codes is from attention over the keys they stand for.</summary>
/// <param name="Error">‖Ô − O‖/‖O‖.</param>
/// <param name="LogRatio">The largest |log(p̂/p)| of all weights.</param>
/// <param name="Bound">What it can be at most, 2·max‖q‖·δ/√z with δ the largest distance of a key and its code.</param>
public readonly record struct QuantisationError(double Error, double LogRatio, double Bound);

/// <summary>How a codebook fares that follows keys.</summary>
/// <param name="Errors">The mean squared distance of keys and codes, after each tenth of the batches, the one before the first included.</param>
/// <param name="Used">Codes that a large batch uses at the end.</param>
/// <param name="Usage">How many of its keys each code stands for.</param>
public sealed record CodebookHistory(IReadOnlyList<double> Errors, int Used, IReadOnlyList<double> Usage);

/// <summary>Keys of 8 channels about 24 centres of deviation 1.2, with some noise; the centres are fixed by the seed.</summary>
/// <param name="Seed">Fixes centres and keys.</param>
/// <param name="Noise">The deviation about a centre.</param>
public sealed record ClusteredKeys(int Seed, double Noise = 0.15)
{
    private const int Clusters = 24, Dim = 8, ValueDim = 16, Length = 512;

    /// <summary>Keys, <c>[1,1,count,8]</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="draw">Another number, other keys about the same centres.</param>
    public Tensor Draw(int count, int draw)
    {
        using var scope = NewDisposeScope();
        using var forCentres = new Generator((ulong)Seed, CPU);
        using var forKeys = new Generator((ulong)(Seed + 1_000_000L * (draw + 1)), CPU);
        var centres = 1.2 * randn([Clusters, Dim], generator: forCentres);
        var chosen = randint(0, Clusters, [count], ScalarType.Int64, generator: forKeys);
        return (centres.index_select(0, chosen) + Noise * randn([count, Dim], generator: forKeys)).view(1, 1, count, Dim).MoveToOuterDisposeScope();
    }

    /// <summary>Noncausal attention of 512 queries over 512 keys, with codes and without.</summary>
    /// <param name="codes">S.</param>
    /// <param name="fitted">Whether codes are made of the keys by 25 of Lloyd's iterations; else they are random, as widely spread as the keys.</param>
    public QuantisationError Attention(int codes, bool fitted = true)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)(Seed + 77), CPU);
        var (k, q, v) = (Draw(Length, 0), randn([1, 1, Length, Dim], generator: generator), randn([1, 1, Length, ValueDim], generator: generator));
        using var quantizer = new VectorQuantizer(1, codes, Dim, seed: Seed + 500_000L);
        if (fitted)
            quantizer.InitialiseFrom(k, iterations: 25, Seed);
        var codebook = fitted ? quantizer.Codebook : 1.2 * quantizer.Codebook;
        var exact = Softmax.Plain(q, k, v);
        var quantised = Codebook.Quantise(k, codebook);
        var ratio = (Softmax.Weights(q, quantised).log() - Softmax.Weights(q, k).log()).abs().max().item<float>();
        var bound = 2 * q.norm(-1).max().item<float>() * (k - quantised).norm(-1).max().item<float>() / Math.Sqrt(Dim);
        return new(((LongVq.Noncausal(q, k, v, codebook) - exact).norm() / exact.norm()).item<float>(), ratio, bound);
    }

    /// <summary>A codebook of 32 random codes that follows batches of 128 keys.</summary>
    /// <param name="batches">How many, a multiple of 10.</param>
    /// <param name="revive">Whether, after every twentieth batch, codes with less than a tenth of the mean count are put in the place of keys.</param>
    public CodebookHistory Follow(int batches, bool revive)
    {
        const int Codes = 32, Batch = 128, Every = 20, Judged = 4096;
        using var scope = NewDisposeScope();
        using var quantizer = new VectorQuantizer(1, Codes, Dim, seed: Seed + 500_000L);
        var test = Draw(Judged, -1);
        double Error() => (test - Codebook.Quantise(test, quantizer.Codebook)).square().sum(-1).mean().item<float>();
        var errors = new List<double> { Error() };
        for (var batch = 1; batch <= batches; batch++)
        {
            using var step = NewDisposeScope();
            var keys = Draw(Batch, batch);
            quantizer.Update(keys);
            if (revive && batch % Every == 0 && batch < batches)
                quantizer.Revive(keys, share: 0.1, batch);
            if (batch % (batches / 10) == 0)
                errors.Add(Error());
        }
        var usage = quantizer.Usage(test).flatten().data<long>().Select(count => (double)count).ToArray();
        return new(errors, usage.Count(count => count > 0), usage);
    }
}
