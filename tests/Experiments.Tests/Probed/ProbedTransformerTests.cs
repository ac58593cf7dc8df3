using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Probed;

public class ProbedTransformerTests
{
    private static readonly TransformerShape Shape = new(Vocabulary: 11, Length: 9, Dim: 12, Layers: 2, Heads: 3);

    public static TheoryData<string> Variants => [.. Options.Keys];

    private static Dictionary<string, ProbedOptions> Options { get; } = new()
    {
        ["whole"] = new(),
        ["no norms, ReLU"] = new() { LayerNorms = false, Activation = MlpActivation.Relu },
        ["no norms, linear"] = new() { LayerNorms = false, Activation = MlpActivation.None },
        ["fused, temperatures"] = new() { LayerNorms = false, FusedMlp = true, Temperature = 0.7 },
        ["norm of q and k"] = new() { QueryKey = QueryKeyRule.Norm },
        ["capped"] = new() { QueryKey = QueryKeyRule.Capped, Cap = 30 },
        ["separate maps"] = new() { SeparateMaps = true, MlpBias = true, NormEpsilon = 1e-5 },
        ["σReparam, norm of q and k"] = new() { SeparateMaps = true, Sigma = SigmaPlaces.All, QueryKey = QueryKeyRule.Norm, MlpBias = true },
        ["σReparam of the fused MLP, no norms"] = new() { LayerNorms = false, FusedMlp = true, Sigma = SigmaPlaces.Mlp },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_variant_is_causal_and_gives_every_parameter_a_gradient(string name)
    {
        using var scope = NewDisposeScope();
        using var model = new ProbedTransformer(Shape, Options[name], seed: 3);
        var batch = new BigramCopy(Shape.Vocabulary).Sample(2, 7, new Random(1));
        var changed = batch.Inputs.clone();
        changed[TensorIndex.Colon, 4] = (changed[TensorIndex.Colon, 4] + 1) % Shape.Vocabulary;
        model.eval(); // A training pass moves σReparam's estimate.
        var pass = model.call(batch.Inputs);
        var difference = (pass.Logits - model.call(changed).Logits).detach().abs().amax([0, 2]);
        Assert.True(difference.narrow(0, 0, 4).max().item<float>() <= 1e-6 && difference[4].item<float>() > 1e-4);
        Assert.Equal([2, 7, 11], pass.Logits.shape);
        Assert.All(pass.Weights, weights => Assert.True((weights.sum(-1) - 1).abs().max().item<float>() < 1e-5));

        BackwardFailures.Backward(nn.functional.cross_entropy(pass.Logits.flatten(0, 1), batch.Targets.flatten()));
        Assert.All(model.named_parameters(), named => Assert.True(named.parameter.grad?.isfinite().all().item<bool>() ?? false, named.name));
    }

    [Fact]
    public void The_probe_tells_the_largest_logit_and_weights_come_from_it()
    {
        using var scope = NewDisposeScope();
        using var model = new ProbedTransformer(Shape, Options["fused, temperatures"], seed: 1);
        var pass = model.call(new BigramCopy(Shape.Vocabulary).Sample(3, 9, new Random(1)).Inputs);
        Assert.All(pass.AttentionLogits().Zip(pass.Weights), pair => Assert.True(pair.First.softmax(-1).allclose(pair.Second)));
        var logits = pass.Weights.Select((weights, layer) =>
        {
            var z = pass.Queries[layer].matmul(pass.Keys[layer].transpose(-2, -1)) / 2;
            var hidden = ones(9, 9, dtype: ScalarType.Bool).triu(1);
            Assert.True((z.masked_fill(hidden, double.NegativeInfinity).softmax(-1) - weights).abs().max().item<float>() < 1e-5);
            return (double)z.masked_fill(hidden, 0).abs().max().item<float>();
        });
        Assert.Equal(logits.Max(), pass.MaxAttentionLogit(), 1e-4 * pass.MaxAttentionLogit());
        Assert.Equal(pass.Logits.exp().sum(-1).log().abs().mean().item<float>(), pass.MeanLogZ(), 1e-4);
    }

    [Fact]
    public void The_sizes_of_queries_and_keys_are_those_of_their_pairs()
    {
        using var scope = NewDisposeScope();
        using var model = new ProbedTransformer(Shape, Options["whole"], seed: 1);
        var pass = model.call(new BigramCopy(Shape.Vocabulary).Sample(3, 8, new Random(1)).Inputs);
        var (query, key, cosine) = pass.QueryKeySizes();
        Assert.Equal(Math.Sqrt(pass.Queries.Average(q => q.square().sum(-1).mean().item<float>())), query, 1e-5);
        Assert.Equal(Math.Sqrt(pass.Keys.Average(k => k.square().sum(-1).mean().item<float>())), key, 1e-5);
        var pairs = from layer in Enumerable.Range(0, 2)
                    from t in Enumerable.Range(0, 8)
                    from s in Enumerable.Range(0, t + 1)
                    select nn.functional.cosine_similarity(pass.Queries[layer].narrow(2, t, 1), pass.Keys[layer].narrow(2, s, 1), -1).abs().mean().item<float>();
        Assert.Equal(pairs.Average(), cosine, 1e-5);
        using var bigram = new ProbedTransformer(Shape with { Layers = 0 }, new(), seed: 1);
        Assert.Equal((0, 0, 0), bigram.call(new BigramCopy(Shape.Vocabulary).Sample(1, 8, new Random(1)).Inputs).QueryKeySizes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e3)]
    public void Capped_logits_are_the_cap_times_a_cosine(double cap)
    {
        using var scope = NewDisposeScope();
        using var model = new ProbedTransformer(Shape, new() { QueryKey = QueryKeyRule.Capped, Cap = cap }, seed: 1);
        var pass = model.call(new BigramCopy(Shape.Vocabulary).Sample(3, 9, new Random(1)).Inputs);
        Assert.InRange(pass.MaxAttentionLogit() / cap, 0.5, 1 + 1e-5);
        Assert.All(pass.Queries, q => Assert.True((q.norm(-1) / Math.Sqrt(cap * 2) - 1).abs().max().item<float>() < 1e-4)); // √κ·4^¼
    }

    [Fact]
    public void Normed_logits_stay_below_their_bound_however_large_the_weights()
    {
        using var scope = NewDisposeScope();
        using var model = new ProbedTransformer(Shape, Options["norm of q and k"], seed: 1);
        using (no_grad())
            foreach (var matrix in model.Matrices)
                matrix.mul_(100);
        Assert.InRange(model.call(new BigramCopy(Shape.Vocabulary).Sample(3, 9, new Random(1)).Inputs).MaxAttentionLogit(), 0.5, 2 + 1e-5); // √d_h at gains of 1
    }

    [Fact]
    public void Matrices_are_all_that_has_two_dimensions_but_temperatures()
    {
        using var model = new ProbedTransformer(Shape, Options["fused, temperatures"], seed: 1);
        Assert.Equal(3 + 2 * 3, model.Matrices.Count);
        using var bigram = new ProbedTransformer(Shape with { Layers = 0 }, new(), seed: 1);
        Assert.Equal(3, bigram.Matrices.Count);
    }

    [Theory]
    [InlineData(true, SigmaPlaces.None)]
    [InlineData(false, SigmaPlaces.All)]
    [InlineData(true, SigmaPlaces.Mlp)]
    [InlineData(true, SigmaPlaces.QueryKey)]
    [InlineData(true, SigmaPlaces.ValueOutput)]
    public void SigmaReparam_is_where_the_options_say(bool frozen, SigmaPlaces places)
    {
        using var model = new ProbedTransformer(Shape, new() { SeparateMaps = true, Sigma = places, FrozenGamma = frozen, MlpBias = true }, seed: 3);
        var maps = model.modules().OfType<SigmaReparamLinear>().ToArray();
        Assert.Equal(Enum.GetValues<SigmaPlaces>().Count(place => int.PopCount((int)place) == 1 && places.HasFlag(place)) * 4, maps.Length);
        Assert.All(maps, map => Assert.Equal(!frozen, map.Gamma.requires_grad));
        Assert.Equal(places.HasFlag(SigmaPlaces.Mlp) ? 4 : 0, maps.Count(map => map.Bias is not null));
        Assert.Equal(places.HasFlag(SigmaPlaces.QueryKey), model.Norms()[0].Gamma is not null);
    }

    [Fact]
    public void Norms_are_those_of_the_maps_whether_one_or_three()
    {
        using var scope = NewDisposeScope();
        using var one = new ProbedTransformer(Shape, new(), seed: 3);
        using var three = new ProbedTransformer(Shape, new() { SeparateMaps = true }, seed: 3);
        var (all, apart) = (one.state_dict()["_blocks.0._attention._projections.0.weight"], three.state_dict());
        using (no_grad())
            for (var part = 0; part < 3; part++)
                apart[$"_blocks.0._attention._projections.{part}.weight"].copy_(all.narrow(0, 12 * part, 12));
        Assert.Equal(one.Norms()[0], three.Norms()[0]);
        Assert.Equal(linalg.matrix_norm(all.narrow(0, 12, 12), 2).item<float>(), one.Norms()[0].Key, 1e-4);
        Assert.True(one.Norms()[0].Product <= one.Norms()[0].Query * one.Norms()[0].Key / 2 * (1 + 1e-5)); // √d_h is 2.
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("shape: got 12 channels", Assert.Throws<ArgumentException>(() => new ProbedTransformer(Shape with { Heads = 5 }, new(), 1)).Message);
        Assert.StartsWith("options: got a cap of 0", Assert.Throws<ArgumentException>(() => new ProbedTransformer(Shape, new() { Cap = 0 }, 1)).Message);
        Assert.StartsWith("options: got σReparam of QueryKey", Assert.Throws<ArgumentException>(() => new ProbedTransformer(Shape, new() { Sigma = SigmaPlaces.QueryKey }, 1)).Message);
        Assert.StartsWith("options: got a temperature of -1", Assert.Throws<ArgumentException>(() => new ProbedTransformer(Shape, new() { Temperature = -1 }, 1)).Message);
        using var plain = new ProbedTransformer(Shape, new(), 1);
        Assert.Throws<InvalidOperationException>(() => plain.MultiplyGamma(2));
    }
}
