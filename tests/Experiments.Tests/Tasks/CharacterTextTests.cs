namespace Attn.Experiments.Tests.Tasks;

/// <summary>A real text, character by character.</summary>
public class CharacterTextTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Windows_come_from_their_part_alone_and_the_next_character_is_told(bool test)
    {
        const string Text = "abcdefghijklmnopqrstuvwxyz";
        var task = new CharacterText(Text, heldOut: 0.5);
        var batch = task.Sample(40, 5, new Random(1), test);
        using var inputs = batch.Inputs;
        using var targets = batch.Targets;
        Assert.Equal([40, 5], inputs.shape);
        var part = test ? Text[13..] : Text[..13];
        for (var b = 0; b < 40; b++)
        {
            var (window, told) = (task.Decode(inputs[b].data<long>()), task.Decode(targets[b].data<long>()));
            Assert.Contains(window + told[^1], part, StringComparison.Ordinal);
            Assert.Equal(window[1..], told[..^1]);
        }
    }

    [Fact]
    public void What_is_encoded_can_be_decoded()
    {
        var task = new CharacterText(CharacterText.Alice);
        Assert.Equal("Alice was beginning", task.Decode(task.Encode("Alice was beginning")));
        Assert.Equal(task.Characters.Order(), task.Characters);
        Assert.StartsWith("text: got '@'", Assert.Throws<ArgumentException>(() => task.Encode("@")).Message);
    }

    [Fact]
    public void Frequencies_alone_cost_their_cross_entropy()
    {
        // Trained on aaab: with one more of each, a has 4 of 6 and b 2. The test is bb.
        Assert.Equal(Math.Log(3), new CharacterText("aaabbb", heldOut: 1 / 3.0).FrequencyLoss, 12);
    }

    [Fact]
    public void A_transformer_learns_more_than_frequencies()
    {
        var task = new CharacterText(CharacterText.Alice);
        using var model = new TinyTransformer(new(task.Characters.Count, 32, Dim: 32, Layers: 1, Heads: 2), "gated-linear", seed: 1);
        var random = new Random(1);
        Trainer.Run(model, new(120, 1e-2), _ => model.Loss(task.Sample(16, 32, random)), cancellation: TestContext.Current.CancellationToken);
        using var loss = model.Loss(task.Sample(64, 32, new Random(2), test: true));
        Assert.InRange(task.FrequencyLoss, 2.7, 3.1);
        Assert.True(loss.item<float>() < task.FrequencyLoss - 0.2, $"loss {loss.item<float>()}, frequencies {task.FrequencyLoss}");
    }

    [Fact]
    public void A_seed_fixes_the_draw_and_bad_arguments_are_named()
    {
        var task = new CharacterText("to be or not to be, that is the question");
        long[] Draw(int seed) => task.Sample(2, 8, new Random(seed)).Inputs.data<long>().ToArray();
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.StartsWith("batch: got 0", Assert.Throws<ArgumentException>(() => task.Sample(0, 1, new Random(1))).Message);
        Assert.StartsWith("length: got 4, needs from 1 to 3", Assert.Throws<ArgumentException>(() => task.Sample(1, 4, new Random(1), test: true)).Message);
        Assert.StartsWith("heldOut: got 1", Assert.Throws<ArgumentException>(() => new CharacterText("abcd", 1)).Message);
        Assert.StartsWith("text: got 3 characters", Assert.Throws<ArgumentException>(() => new CharacterText("abc")).Message);
    }
}
