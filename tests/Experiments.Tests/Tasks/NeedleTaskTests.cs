namespace Attn.Experiments.Tests.Tasks;

/// <summary>A needle in a haystack.</summary>
public class NeedleTaskTests
{
    [Theory]
    [InlineData(50)]
    [InlineData(3)]
    public void The_symbol_after_the_only_mark_is_asked_for_at_the_end(int length)
    {
        var (batch, marks) = NeedleTask.Sample(40, length, new Random(1));
        using var inputs = batch.Inputs;
        using var targets = batch.Targets;
        Assert.Equal([40, length], inputs.shape);
        for (var b = 0; b < 40; b++)
        {
            var (text, told) = (inputs[b].data<long>().ToArray(), targets[b].data<long>().ToArray());
            Assert.Equal(marks[b], Array.IndexOf(text, NeedleTask.Mark));
            Assert.Equal(marks[b], Array.LastIndexOf(text, NeedleTask.Mark));
            Assert.InRange(text[marks[b] + 1], 0, NeedleTask.Symbols - 1);
            Assert.Equal(NeedleTask.Question, text[^1]);
            Assert.All(told[..^1], target => Assert.Equal(SequenceBatch.NoTarget, target));
            Assert.Equal(text[marks[b] + 1], told[^1]);
        }

        if (length > 3)
            Assert.True(marks.Min() < length / 4 && marks.Max() > 3 * length / 4, "the needles lie in one part of the haystack");
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.5, 50)]
    [InlineData(1.0, 100)]
    public void The_depth_can_be_chosen(double depth, int mark) =>
        Assert.All(NeedleTask.Sample(5, 103, new Random(1), depth).Marks, place => Assert.Equal(mark, place));

    [Fact]
    public void A_seed_fixes_the_draw_and_bad_arguments_are_named()
    {
        long[] Draw(int seed) => NeedleTask.Sample(2, 20, new Random(seed)).Batch.Inputs.data<long>().ToArray();
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.StartsWith("batch: got 0", Assert.Throws<ArgumentException>(() => NeedleTask.Sample(0, 9, new Random(1))).Message);
        Assert.StartsWith("length: got 2", Assert.Throws<ArgumentException>(() => NeedleTask.Sample(1, 2, new Random(1))).Message);
        Assert.StartsWith("depth: got 1.5", Assert.Throws<ArgumentException>(() => NeedleTask.Sample(1, 9, new Random(1), 1.5)).Message);
        Assert.StartsWith("depth: got NaN", Assert.Throws<ArgumentException>(() => NeedleTask.Sample(1, 9, new Random(1), double.NaN)).Message);
    }

    [Fact]
    public void A_transformer_is_trained_on_it()
    {
        using var model = new TinyTransformer(new(NeedleTask.Vocabulary, 16, Dim: 32, Layers: 2, Heads: 2), "softmax", seed: 1);
        var random = new Random(1);
        var losses = Trainer.Run(
            model, new(150, 1e-2), _ => model.Loss(NeedleTask.Sample(32, 12, random, depth: 0.5).Batch), cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(losses[0], Math.Log(NeedleTask.Symbols) - 0.1, Math.Log(NeedleTask.Vocabulary) + 1.5);
        Assert.True(losses[^10..].Average() < 0.5, $"loss {losses[^10..].Average()}; without learning it stays at {Math.Log(NeedleTask.Symbols):0.00}");
    }
}
