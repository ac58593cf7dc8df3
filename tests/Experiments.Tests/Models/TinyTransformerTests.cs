using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments.Tests.Models;

/// <summary>Any mechanism can sit in the small transformer, and be trained there.</summary>
public class TinyTransformerTests
{
    private static readonly TransformerShape Shape = new(Vocabulary: 32, Length: 32, Dim: 32, Layers: 2, Heads: 2);
    private static readonly BigramCopy Task = new();

    /// <summary>Rows that can be a causal layer.</summary>
    public static TheoryData<string> Ids =>
        [.. Catalog.Rows.Where(row => row.Patterns.HasFlag(AttentionPatterns.CausalSelf) && (row.Layer is not null || row.Extras.Count == 0)).Select(row => row.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_model_with_any_mechanism_is_causal_and_gives_every_parameter_a_gradient(string id)
    {
        using var scope = NewDisposeScope();
        using var model = new TinyTransformer(Shape, id, seed: 3);
        var tokens = Task.Sample(2, 17, new Random(1)).Inputs;
        var changed = tokens.clone();
        changed[TensorIndex.Colon, 9] = (changed[TensorIndex.Colon, 9] + 1) % Task.Vocabulary;
        model.eval(); // In training a codebook moves with what it sees: one call would tell on the next.
        var difference = (model.call(tokens) - model.call(changed)).detach().abs().amax([0, 2]);
        model.train();
        Assert.True(difference.narrow(0, 0, 9).max().item<float>() <= 1e-5, $"{id}: a token moves what stands before it");
        Assert.True(difference[9].item<float>() > 1e-4, $"{id}: a token does not move its own place");

        BackwardFailures.Backward(model.Loss(Task.Sample(2, 17, new Random(1))));
        Assert.All(model.named_parameters(), named => Assert.True(named.parameter.grad?.isfinite().all().item<bool>() ?? false, $"{id}: {named.name} has no finite gradient"));
    }

    [Fact]
    public void Softmax_learns_to_use_the_successors()
    {
        using var model = new TinyTransformer(Shape, "softmax", seed: 1);
        var random = new Random(1);
        var losses = Trainer.Run(model, new(60, 1e-2), _ => model.Loss(Task.Sample(16, 32, random)), cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(losses[0], Math.Log(32) - 0.1, Math.Log(32) + 1.5);
        Assert.True(losses[^10..].Average() < 2.2, $"loss {losses[^10..].Average()} after 60 updates; without learning it stays at {Math.Log(32):0.00}");
    }

    [Fact]
    public void A_seed_fixes_weights_and_training()
    {
        double[] Train(int seed)
        {
            using var model = new TinyTransformer(Shape, "linear", seed);
            var random = new Random(seed);
            return Trainer.Run(model, new(5, 1e-2), _ => model.Loss(Task.Sample(4, 16, random)), cancellation: TestContext.Current.CancellationToken);
        }

        var first = Train(5);
        rand(100).Dispose(); // What else is drawn must not matter.
        Assert.Equal(first, Train(5));
        Assert.NotEqual(first, Train(6));
    }

    [Fact]
    public void A_mechanism_without_a_layer_is_refused_in_words()
    {
        var row = Catalog.Find("gated-linear") with { Layer = null };
        Assert.Contains("logGate", Assert.Throws<ArgumentException>(() => row.CreateLayer(8, 2)).Message);
        Assert.StartsWith("causal: got false", Assert.Throws<ArgumentException>(() => row.CreateLayer(8, 2, causal: false)).Message);
        Assert.StartsWith("dim: got 9 channels, needs a multiple of 2 heads", Assert.Throws<ArgumentException>(() => Catalog.Find("softmax").CreateLayer(9, 2)).Message);
    }
}
