namespace Attn.Experiments.Tests.Tasks;

/// <summary>Symbols to copy across a gap.</summary>
public class CopyTaskTests
{
    [Theory]
    [InlineData(5, 7)]
    [InlineData(4, 0)]
    [InlineData(1, 3)]
    public void The_symbols_come_again_after_the_signal_and_are_told_one_place_earlier(int symbols, int gap)
    {
        var batch = CopyTask.Sample(6, symbols, gap, new Random(1));
        using var inputs = batch.Inputs;
        using var targets = batch.Targets;
        Assert.Equal([6, CopyTask.Length(symbols, gap)], inputs.shape);
        for (var b = 0; b < 6; b++)
        {
            var (text, told) = (inputs[b].data<long>().ToArray(), targets[b].data<long>().ToArray());
            Assert.All(text[..symbols], token => Assert.InRange(token, 0, CopyTask.Symbols - 1));
            Assert.All(text[symbols..(symbols + gap)], token => Assert.Equal(CopyTask.Blank, token));
            Assert.Equal(CopyTask.Signal, text[symbols + gap]);
            Assert.Equal(text[..(symbols - 1)], text[(symbols + gap + 1)..]);
            Assert.All(told[..(symbols + gap)], target => Assert.Equal(SequenceBatch.NoTarget, target));
            Assert.Equal(text[..symbols], told[(symbols + gap)..]);
        }
    }

    [Fact]
    public void A_seed_fixes_the_draw_and_bad_sizes_are_named()
    {
        long[] Draw(int seed) => CopyTask.Sample(2, 8, 3, new Random(seed)).Inputs.data<long>().ToArray();
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.StartsWith("batch: got 0", Assert.Throws<ArgumentException>(() => CopyTask.Sample(0, 1, 1, new Random(1))).Message);
        Assert.StartsWith("symbols: got 0", Assert.Throws<ArgumentException>(() => CopyTask.Sample(1, 0, 1, new Random(1))).Message);
        Assert.StartsWith("gap: got -1", Assert.Throws<ArgumentException>(() => CopyTask.Sample(1, 1, -1, new Random(1))).Message);
    }

    [Fact]
    public void A_transformer_learns_to_copy()
    {
        using var model = new TinyTransformer(new(CopyTask.Vocabulary, CopyTask.Length(4, 2), Dim: 32, Layers: 1, Heads: 2), "softmax", seed: 1);
        var random = new Random(1);
        var losses = Trainer.Run(
            model, new(150, 1e-2), _ => model.Loss(CopyTask.Sample(32, 4, 2, random)), cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(losses[0], Math.Log(CopyTask.Symbols) - 0.1, Math.Log(CopyTask.Vocabulary) + 1.5);
        Assert.True(losses[^10..].Average() < 0.5, $"loss {losses[^10..].Average()}; without learning it stays at {Math.Log(CopyTask.Symbols):0.00}");
    }
}
