using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Trains <see cref="FreshKeyModel"/> with 64 keys and reads with another number of them.</summary>
public static class FreshKeyStudy
{
    /// <summary>Keys at training.</summary>
    public const int TrainKeys = 64;

    private const int Steps = 250, Batch = 48, TestBatches = 4, TestBatch = 64;

    /// <summary>250 updates of AdamW with a largest rate of 5·10⁻³, batches of 48.</summary>
    /// <param name="seed">Fixes weights and sequences.</param>
    /// <param name="cancellation">Ends the training.</param>
    public static FreshKeyModel Train(int seed, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        var model = new FreshKeyModel(seed);
        Trainer.Run(model, new TrainingPlan(Steps, 5e-3) { WarmUp = 10 }, _ => model.Read(Batch, TrainKeys, 1, generator).Loss, cancellation: cancellation);
        return model;
    }

    /// <summary>Mean loss in nats and share of right values on 256 sequences, the same for every factor.</summary>
    /// <param name="model">A trained model.</param>
    /// <param name="keys">N.</param>
    /// <param name="factor">What logits are multiplied with.</param>
    /// <param name="seed">Fixes the sequences.</param>
    public static (double Loss, double Accuracy) Test(FreshKeyModel model, int keys, double factor, int seed)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var off = no_grad();
        using var generator = new Generator((ulong)(seed + 1_000_000), CPU);
        var results = Enumerable.Range(0, TestBatches).Select(_ =>
        {
            using var scope = NewDisposeScope();
            var (loss, accuracy) = model.Read(TestBatch, keys, factor, generator);
            return (Loss: (double)loss.item<float>(), Accuracy: accuracy);
        }).ToArray();
        return (results.Average(r => r.Loss), results.Average(r => r.Accuracy));
    }
}
