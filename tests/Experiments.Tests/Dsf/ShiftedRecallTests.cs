using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class ShiftedRecallTests
{
    public static TheoryData<RecallKind> Kinds => [.. Enum.GetValues<RecallKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_token_sees_only_what_came_before_it_and_a_seed_fixes_the_model(RecallKind kind)
    {
        using var scope = NewDisposeScope();
        var task = ShiftedRecallStudy.Task;
        using ShiftedRecallModel one = new(task, kind, 3, 1), again = new(task, kind, 3, 1), other = new(task, kind, 3, 2);
        foreach (var model in new[] { one, again, other })
            using (no_grad())
                foreach (var parameter in model.parameters().Where(parameter => parameter.dim() == 1))
                    parameter.fill_(0.1); // Lags are zero at first, and would show nothing.
        var tokens = task.Sample(2, new Random(1)).Inputs;
        var changed = tokens.clone();
        changed[TensorIndex.Colon, 20] = (changed[TensorIndex.Colon, 20] + 1).remainder(task.Vocabulary);
        var (before, after) = (one.call(tokens), one.call(changed));
        Assert.Equal([2, 32, 128], before.shape);
        Assert.True(before.narrow(1, 0, 20).equal(after.narrow(1, 0, 20)).all().item<bool>());
        Assert.False(before.narrow(1, 20, 12).equal(after.narrow(1, 20, 12)).all().item<bool>());
        Assert.True(before.equal(again.call(tokens)).all().item<bool>());
        Assert.False(before.equal(other.call(tokens)).all().item<bool>());
    }

    [Fact]
    public void The_loss_is_that_of_the_questions_alone()
    {
        using var scope = NewDisposeScope();
        var batch = ShiftedRecallStudy.Task.Sample(3, new Random(2));
        using var model = new ShiftedRecallModel(ShiftedRecallStudy.Task, RecallKind.Linear, 4, 1);
        var all = nn.functional.cross_entropy(model.call(batch.Inputs).flatten(0, 1), batch.Targets.flatten(), ignore_index: SequenceBatch.NoTarget);
        Assert.Equal(all.item<float>(), model.Loss(batch).item<float>(), 1e-5f);
    }

    [Fact]
    public void Selection_is_learned_and_a_fixed_convolution_cannot()
    {
        var stop = TestContext.Current.CancellationToken;
        Assert.InRange(ShiftedRecallStudy.Accuracy(RecallKind.Normalised, 16, 150, 1, cancellation: stop), 0.5, 1);
        Assert.InRange(ShiftedRecallStudy.Accuracy(RecallKind.TimeInvariant, 16, 150, 1, cancellation: stop), 0, 0.25);
        Assert.Equal("state", Assert.ThrowsAny<ArgumentException>(() => ShiftedRecallStudy.Accuracy(RecallKind.Ssd, 0, 1, 1, cancellation: stop)).ParamName);
    }
}
