using static Attn.Kernels.Tests.Linear.Draws;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear;

public class LightningTests
{
    private static Tensor Slopes(int heads) => DecaySlopes.LogDecay(DecaySlopes.Alibi(heads), ScalarType.Float64);

    [Theory]
    [InlineData(0, 64)]
    [InlineData(-0.01, 1)]
    [InlineData(-0.7, 16)]
    [InlineData(-0.7, 5000)]
    public void Tiles_of_any_size_give_the_dense_result(double logDecay, int block)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 2, 133, 12, 7);
        var (decay, state) = (full([1, 2, 1, 1], logDecay, ScalarType.Float64), Normal(5, 2, 2, 12, 7));
        var expected = ScalarDecay.Parallel(q, k, v, decay, state);
        var actual = LightningAttention.Forward(q, k, v, decay, state, block);
        AssertClose(expected.Output, actual.Output);
        AssertClose(expected.State!, actual.State!);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(50)]
    [InlineData(1)]
    public void The_backward_pass_by_tiles_is_autograds_of_the_dense_form(int block)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 3, 150, 8, 5);
        var gradient = Normal(9, 2, 3, 150, 5);
        foreach (var leaf in new[] { q, k, v })
            leaf.requires_grad_(true);
        (ScalarDecay.Parallel(q, k, v, Slopes(3)).Output * gradient).sum().backward();
        var (dq, dk, dv) = LightningAttention.Backward(gradient, q, k, v, Slopes(3), block);
        AssertClose(q.grad!, dq);
        AssertClose(k.grad!, dk);
        AssertClose(v.grad!, dv);
    }

    [Fact]
    public void A_decay_shared_by_the_batch_gets_the_sum_of_its_gradients()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(3, 2, 90, 8, 8);
        var (dense, tiled) = (Slopes(2).requires_grad_(true), Slopes(2).requires_grad_(true));
        ScalarDecay.Parallel(q, k, v, dense).Output.square().sum().backward();
        LightningAttention.Attend(q, k, v, tiled).Output.square().sum().backward();
        AssertClose(dense.grad!, tiled.grad!);
    }

    [Fact]
    public void Autograd_keeps_the_inputs_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(2, 3, 700, 16, 24);
        var saved = SavedElements.Count(() => LightningAttention.Attend(q, k, v, Slopes(3)));
        Assert.Equal(2 * 3 * (700 * (16 + 16 + 24) + 16 * 24) + 3, saved);
    }

    [Fact]
    public void Both_conventions_are_right_and_a_mixed_one_is_not()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 1, 150, 8, 8);
        var decay = full([1, 1, 1, 1], -0.5, ScalarType.Float64);
        var paper = LightningAttention.Forward(q, k, v, decay, block: 32, convention: TileConvention.Paper);
        var kernel = LightningAttention.Forward(q, k, v, decay, block: 32, convention: TileConvention.Kernel);
        var mixed = LightningAttention.Forward(q, k, v, decay, block: 32, convention: new(1, 1));
        AssertClose(ScalarDecay.Parallel(q, k, v, decay).Output, paper.Output);
        AssertClose(paper.Output, kernel.Output);
        AssertClose(paper.State! * Math.Exp(-0.5), kernel.State!);
        Assert.True(Error(mixed.Output, paper.Output) > 0.01);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(50)]
    public void Slices_of_the_channels_add_up(int width)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 80, 130, 6);
        var whole = LightningAttention.Attend(q, k, v, Slopes(2));
        var sliced = LightningAttention.Sliced(q, k, v, Slopes(2), width);
        AssertClose(whole.Output, sliced.Output);
        AssertClose(whole.State!, sliced.State!);
    }

    [Fact]
    public void Operations_are_those_of_the_formula_and_temporaries_do_not_grow_with_the_length()
    {
        using var scope = NewDisposeScope();
        var counts = new[] { 256, 512, 1024 }.Select(length =>
        {
            var (q, k, v) = Qkv(1, 1, length, 8, 4);
            var io = new IoCounter();
            LightningAttention.Forward(q, k, v, Slopes(1), block: 32, io: io);
            Assert.Equal(LightningCost.Flops(length, 8, 4, 32), io.Flops);
            Assert.Equal(length * (8 + 8 + 4), io.Reads);
            Assert.Equal(length * 4, io.Writes);
            return io.PeakTemporaries;
        }).ToArray();
        Assert.Single(counts.Distinct());
    }

    [Fact]
    public void The_formula_counts_a_short_last_tile()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 1, 75, 8, 4);
        var io = new IoCounter();
        LightningAttention.Forward(q, k, v, Slopes(1), block: 32, io: io);
        Assert.Equal(LightningCost.Flops(75, 8, 4, 32), io.Flops);
    }

    [Theory]
    [InlineData(8, 4, 32)]
    [InlineData(64, 64, 64)]
    [InlineData(16, 80, 7)]
    public void Temporaries_are_within_the_formula(int dim, int valueDim, int block)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 1, 3 * block + 2, dim, valueDim);
        var io = new IoCounter();
        LightningAttention.Forward(q, k, v, Slopes(1), block: block, io: io);
        Assert.InRange(io.PeakTemporaries, 0.6 * LightningCost.TemporaryElements(dim, valueDim, block), LightningCost.TemporaryElements(dim, valueDim, block));
    }

    [Fact]
    public void The_plain_loop_is_the_recurrence()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = (Normal(1, ScalarType.Float32, 1, 1, 50, 5), Normal(2, ScalarType.Float32, 1, 1, 50, 5), Normal(3, ScalarType.Float32, 1, 1, 50, 16));
        var expected = ScalarDecay.Recurrent(q, k, v, DecaySlopes.LogDecay([0.1])).Output;
        var actual = PlainLoop.Run(q.data<float>().ToArray(), k.data<float>().ToArray(), v.data<float>().ToArray(), 5, 16, MathF.Exp(-0.1f));
        AssertClose(expected, tensor(actual).reshape(1, 1, 50, 16), 1e-6);
        Assert.StartsWith("valueDim: got 3", Assert.Throws<ArgumentException>(() => PlainLoop.Run([], [], [], 4, 3, 1)).Message);
        Assert.StartsWith("q: got 8, 8, 16 numbers", Assert.Throws<ArgumentException>(() => PlainLoop.Run(new float[8], new float[8], new float[16], 4, 16, 1)).Message);
    }

    [Fact]
    public void The_origin_form_is_right_until_it_overflows()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 200, 4, 4);
        var decay = full([1, 2, 1, 1], -0.5, ScalarType.Float64);
        AssertClose(ScalarDecay.Recurrent(q, k, v, decay).Output, LightningControls.Origin(q, k, v, decay));
        Assert.Null(LightningControls.FirstNonFinite(q));
        var single = LightningControls.Origin(q.@float(), k.@float(), v.@float(), decay.@float());
        Assert.InRange(LightningControls.FirstNonFinite(single)!.Value, 165, 178);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 100, 8, 8);
        var decay = Slopes(2);
        using (var inner = NewDisposeScope())
        {
            var result = LightningAttention.Attend(q, k, v, decay);
            Assert.Equal(2, inner.DisposablesView.Count());
            Assert.False(result.Output.IsInvalid);
        }
    }

    [Fact]
    public void A_decay_that_differs_from_token_to_token_is_refused()
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = Qkv(1, 2, 10, 4, 4);
        var error = Assert.Throws<ArgumentException>(() => LightningAttention.Attend(q, k, v, zeros(1, 2, 10, 1, dtype: ScalarType.Float64)));
        Assert.StartsWith("logDecay: got [1,2,10,1], needs [B|1,H,1,1]", error.Message);
        Assert.StartsWith("block: got 0", Assert.Throws<ArgumentException>(() => LightningAttention.Attend(q, k, v, Slopes(2), block: 0)).Message);
        Assert.StartsWith("width: got 0", Assert.Throws<ArgumentException>(() => LightningAttention.Sliced(q, k, v, Slopes(2), 0)).Message);
    }
}
