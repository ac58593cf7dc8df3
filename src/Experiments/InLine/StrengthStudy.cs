using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Whether the strength of a feature survives attention: trained, and read off an untrained layer by regression.</summary>
public static class StrengthStudy
{
    private const int Directions = 8, Dim = 16, Hidden = 32, Length = 24, Batch = 64, TestBatch = 256, ReadOutKeys = 64;

    /// <summary>Softmax attention.</summary>
    public static AttentionCore Softmax { get; } = (q, k, v) => Kernels.Softmax.Plain(q, k, v);

    /// <summary>Linear attention with ReLU features and the division.</summary>
    public static AttentionCore Linear { get; } = (q, k, v) => LinearAttention.Parallel(q, k, v, featureMap: FeatureMap.Relu.Queries).Output;

    /// <summary>InLine with the identity and the published factor.</summary>
    public static AttentionCore InLine { get; } = (q, k, v) => InLineAttention.Linear(q, k, v);

    /// <summary>Trains a model on four classes of strength, Adam at 3·10⁻³, and gives its share of right answers on new tokens (chance: ¼).</summary>
    /// <param name="attention">The attention.</param>
    /// <param name="queryBias">Whether queries have a bias.</param>
    /// <param name="steps">Updates.</param>
    /// <param name="seed">Fixes weights and tokens.</param>
    /// <param name="cancellation">Ends the run.</param>
    public static double Accuracy(AttentionCore attention, bool queryBias, int steps, int seed, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var task = new FeatureStrength(Directions, Dim, seed);
        using var model = new StrengthModel(attention, Dim, Hidden, queryBias, seed);
        Trainer.Run(model, new TrainingPlan(steps, 3e-3) { WarmUp = 0, Decays = false, WeightDecay = 0 }, _ =>
        {
            var (tokens, classes) = task.Sample(Batch, Length);
            return nn.functional.cross_entropy(model.call(tokens).flatten(0, 1), classes.flatten());
        }, cancellation: cancellation);
        using var off = no_grad();
        var (test, answers) = task.Sample(TestBatch, Length);
        return model.call(test).argmax(-1).eq(answers).to(ScalarType.Float64).mean().item<double>();
    }

    /// <summary>
    /// R² of a ridge regression of strength on the attention's output, without training: tokens are queries, keys and values themselves,
    /// 64 of them keys, so that every direction is among them. Fitted on 2000 queries, judged on 2000 others.
    /// </summary>
    /// <param name="attention">The attention.</param>
    /// <param name="seed">Fixes the tokens.</param>
    public static double ReadOut(AttentionCore attention, int seed)
    {
        const int Queries = 2000;
        using var scope = NewDisposeScope();
        using var task = new FeatureStrength(Directions, Dim, seed);
        var keys = task.SampleUniform(1, ReadOutKeys).Tokens.to(ScalarType.Float64).unsqueeze(1);
        (Tensor Features, Tensor Strengths) Draw()
        {
            var (tokens, strengths) = task.SampleUniform(1, Queries);
            var output = attention(tokens.to(ScalarType.Float64).unsqueeze(1), keys, keys)[0, 0];
            return (output, strengths[0].to(ScalarType.Float64).unsqueeze(1));
        }
        var (fit, test) = (Draw(), Draw());
        return LeastSquares.Fit(fit.Features, fit.Strengths, ridge: 1e-8).RSquared(test.Features, test.Strengths);
    }
}
