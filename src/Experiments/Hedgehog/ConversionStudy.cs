using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>A trained softmax model made linear: shares of right answers on <see cref="MqarStudy.Task"/>.</summary>
/// <param name="Teacher">With softmax.</param>
/// <param name="Before">With linear attention, before its map was trained.</param>
/// <param name="Distilled">After the map, and nothing else, was trained to give softmax's weights.</param>
/// <param name="FineTuned">After everything was trained on the task a little more.</param>
public sealed record Conversion(double Teacher, double Before, double Distilled, double FineTuned);

/// <summary>Converts models from softmax to linear attention.</summary>
public static class ConversionStudy
{
    private const int KeyDim = 16, Batch = 32, TestBatch = 64;

    /// <summary>Puts a map's linear attention in place of a model's own.</summary>
    /// <param name="model">Changed in place.</param>
    /// <param name="map">One head of as many channels as the model's queries.</param>
    public static void Convert(ConvolutionRecallModel model, LearnedFeatureMap map)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Core = (q, k, v) => AttentionDistiller.Attend(map, q, k, v);
    }

    /// <summary>One seed, every activation from the same teacher.</summary>
    /// <param name="bases">Activations.</param>
    /// <param name="teacherSteps">Updates of the softmax model, at a rate of 5·10⁻³.</param>
    /// <param name="distilSteps">Updates of a map, with a largest rate of 10⁻².</param>
    /// <param name="fineSteps">Updates of everything at last, at a rate of 2·10⁻³.</param>
    /// <param name="seed">Fixes weights and sequences.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <returns>In the order of <paramref name="bases"/>.</returns>
    public static IReadOnlyList<Conversion> Run(
        IReadOnlyList<FeatureMap> bases, int teacherSteps, int distilSteps, int fineSteps, int seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(bases);
        var task = MqarStudy.Task;
        using var scope = NewDisposeScope();
        using var model = new ConvolutionRecallModel(task.Vocabulary, RecallMixer.Softmax(KeyDim), seed);
        MqarStudy.Train(model, task, teacherSteps, 5e-3, seed, cancellation);
        var (softmax, teacher) = (model.Core, MqarStudy.Accuracy(model, task, seed));
        var weights = model.state_dict().ToDictionary(pair => pair.Key, pair => pair.Value.clone());
        return [.. bases.Select(Converted)];

        Conversion Converted(FeatureMap basis)
        {
            model.load_state_dict(weights);
            model.Core = softmax;
            var random = new Random(seed + 2_000_000);
            (Tensor, Tensor) Heads(int batch)
            {
                using var off = no_grad();
                var (q, k, v) = model.Operands(task.Sample(batch, random).Inputs);
                v.Dispose();
                return (q, k);
            }
            using var map = new LearnedFeatureMap(basis, heads: 1, KeyDim);
            var test = Heads(TestBatch);
            Convert(model, map);
            var before = MqarStudy.Accuracy(model, task, seed);
            AttentionDistiller.Fit(map, () => Heads(Batch), test, distilSteps, cancellation: cancellation);
            var distilled = MqarStudy.Accuracy(model, task, seed);
            using var all = new Both(model, map);
            MqarStudy.Train(all, task, fineSteps, 2e-3, seed + 3_000_000, cancellation);
            return new(teacher, before, distilled, MqarStudy.Accuracy(model, task, seed));
        }
    }

    /// <summary>The model with its map's parameters among its own; it owns neither.</summary>
    private sealed class Both(ConvolutionRecallModel model, LearnedFeatureMap map) : nn.Module<Tensor, Tensor>(nameof(Both))
    {
        public override IEnumerable<TorchSharp.Modules.Parameter> parameters(bool recurse = true) => model.parameters().Concat(map.parameters());

        public override Tensor forward(Tensor input) => model.call(input);
    }
}
