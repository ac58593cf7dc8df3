using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class TransNormerTests
{
    [Fact]
    public void Pieces_hand_the_state_on_without_being_told_their_place()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 90, 8, 5);
        var (decay, theta) = (DecaySlopes.LogDecay([0.1, 0.01], ScalarType.Float64), rand([1, 2, 1, 8], ScalarType.Float64));
        var whole = TransNormer.Parallel(q, k, v, decay, theta);
        var first = TransNormer.Chunked(q.Part(0, 37), k.Part(0, 37), v.Part(0, 37), decay, theta);
        var second = TransNormer.Chunked(q.Part(37, 52), k.Part(37, 52), v.Part(37, 52), decay, theta, first.State, chunk: 10);
        var last = TransNormer.Step(q.Part(89, 1), k.Part(89, 1), v.Part(89, 1), decay, theta, second.State);
        AssertClose(whole.Output, cat([first.Output, second.Output, last.Output], 2));
        AssertClose(whole.State!, last.State!);
    }

    [Fact]
    public void Without_angles_it_is_lightning_attention()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 70, 8, 5);
        var decay = DecaySlopes.LogDecay([0.1, 0.01], ScalarType.Float64);
        AssertClose(
            LightningAttention.Attend(q, k, v, decay).Output,
            TransNormer.Chunked(q, k, v, decay, zeros(1, 2, 1, 8, dtype: ScalarType.Float64)).Output);
    }

    [Fact]
    public void The_norm_acts_over_all_heads_together()
    {
        using var scope = NewDisposeScope();
        var output = Normal(1, 2, 3, 5, 4);
        var normed = TransNormer.OverHeads(output);
        Assert.Equal([2, 5, 12], normed.shape);
        AssertClose(SimpleRmsNorm.Apply(output[1, .., 3].flatten()), normed[1, 3]);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void The_layer_decodes_what_it_computes_at_once(bool positions, bool gate)
    {
        using var scope = NewDisposeScope();
        using var layer = new NormLinearAttention(12, 3, DecaySlopes.Alibi(3), positions, gate);
        var x = Normal(1, ScalarType.Float32, 2, 100, 12);
        var whole = layer.call(x);
        Tensor? state = null;
        var outputs = new List<Tensor>();
        foreach (var token in x.split(1, 1))
        {
            var step = layer.Continue(token, state);
            outputs.Add(step.Output);
            state = step.State;
        }
        AssertClose(whole, cat(outputs, 1), 1e-5);
        whole.square().sum().backward();
        Assert.All(layer.parameters(), parameter => Assert.True(parameter.grad!.abs().sum().item<float>() > 0));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 9, 8, 5);
        var (decay, theta) = (DecaySlopes.LogDecay([0.1, 0.01], ScalarType.Float64), rand([1, 2, 1, 8], ScalarType.Float64));
        Assert.StartsWith("theta: got [1,2,1,1]", Message(() => TransNormer.Parallel(q, k, v, decay, decay)));
        Assert.StartsWith("logDecay: got [1,2,1,8]", Message(() => TransNormer.Weights(q, k, theta, theta)));
        Assert.StartsWith("initialState: got [1,2,8,5], needs [B,H,2D,Dv]", Message(() => TransNormer.Parallel(q, k, v, decay, theta, zeros(1, 2, 8, 5, dtype: ScalarType.Float64))));
        Assert.StartsWith("dim: got 10 channels", Message(() => new NormLinearAttention(10, 3, [1, 1, 1])));
        Assert.StartsWith("slopes: got 2 slopes", Message(() => new NormLinearAttention(12, 3, [1, 1])));

        static string Message(Func<object> action) => Assert.Throws<ArgumentException>(action).Message;
    }
}
