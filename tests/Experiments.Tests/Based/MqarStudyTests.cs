using static TorchSharp.torch;

namespace Attn.Experiments.Tests;

public class MqarStudyTests
{
    [Fact]
    public void Attention_over_all_tokens_recalls_what_a_window_cannot_see()
    {
        var stop = TestContext.Current.CancellationToken;
        var all = MqarStudy.Convolved(RecallMixer.Softmax(16), 120, 1, [4, 8], stop);
        Assert.True(all.Length == 2 && all.Min() > 0.9, $"softmax: {string.Join(", ", all)}");
        Assert.InRange(MqarStudy.Convolved(RecallMixer.Window(8, 16), 120, 1, cancellation: stop)[0], 0, 0.3);
    }

    [Fact]
    public void A_model_is_fixed_by_its_seed()
    {
        var tokens = MqarStudy.Task.Sample(2, new Random(1)).Inputs;
        foreach (var make in new Func<int, nn.Module<Tensor, Tensor>>[]
        {
            seed => new ConvolutionRecallModel(32, RecallMixer.Taylor(4), seed),
            seed => new StackedRecallModel(32, [RecallLayer.Window, RecallLayer.Taylor], seed),
        })
        {
            using var scope = NewDisposeScope();
            using nn.Module<Tensor, Tensor> one = make(1), again = make(1), other = make(2);
            Assert.True(one.call(tokens).equal(again.call(tokens)).all().item<bool>());
            Assert.False(one.call(tokens).equal(other.call(tokens)).all().item<bool>());
        }
    }

    [Theory]
    [InlineData(RecallLayer.Window, true)]
    [InlineData(RecallLayer.Taylor, false)]
    public void Only_a_window_knows_the_order_of_earlier_tokens(RecallLayer layer, bool knows)
    {
        using var scope = NewDisposeScope();
        using var model = new StackedRecallModel(32, [layer], 1);
        model.named_parameters().Where(parameter => parameter.name.Contains("bias", StringComparison.Ordinal))
            .ToList().ForEach(parameter => parameter.parameter.detach().add_(arange(parameter.parameter.shape[^1])));
        double Moved(long[] a, long[] b) => (model.call(tensor(a).unsqueeze(0)) - model.call(tensor(b).unsqueeze(0)))[0, 3].abs().max().item<float>();
        Assert.Equal(knows, Moved([1, 2, 3, 4], [3, 1, 2, 4]) > 1e-4);
    }

    [Fact]
    public void Stateful_sizes_are_those_of_the_formula()
    {
        Assert.Equal(5049, RecallMixer.Taylor(16).StateFloats(1000, 32));
        Assert.Equal(264, RecallMixer.Elu(8).StateFloats(1000, 32));
        Assert.Equal(8 * 48, RecallMixer.Window(8, 16).StateFloats(1000, 32));
        Assert.Equal(1000 * 48, RecallMixer.Softmax(16).StateFloats(1000, 32));
    }
}
