using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Alternatives;

/// <summary>Softplus attention's own parts: the scores, the re-weighting at and near its limits, the ℓ1 family.</summary>
public class SoftplusAttentionTests
{
    [Fact]
    public void Scores_are_cosines_scaled_by_the_logarithms_of_channels_and_of_keys_seen()
    {
        using var scope = NewDisposeScope();
        var k = tensor(new double[] { 1, 0, 0, 3, 2, 2 }).view(1, 1, 3, 2);
        double Log(int n) => Math.Log(2) * Math.Log(n);
        var half = Math.Sqrt(0.5);
        var expected = tensor(new[] { 0, 0, 0, 0, Log(2), half * Log(2), half * Log(3), half * Log(3), Log(3) }).view(1, 1, 3, 3);
        Assert.True(SoftplusAttention.Scores(k * 1e-200, k * 1e200, causal: true).allclose(expected, 1e-14, 1e-15));
        Assert.True(SoftplusAttention.Scores(k, k, rows: [0]).allclose(tensor(new[] { Log(3), 0, half * Log(3) }).view(1, 1, 1, 3), 1e-14, 1e-15));
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 3.5)]
    [InlineData(true, 3)]
    [InlineData(true, 15)]
    public void Reweighting_is_the_printed_formula_without_its_epsilon(bool causal, double power)
    {
        using var scope = NewDisposeScope();
        var visible = causal ? ones([37, 37], ScalarType.Bool).tril() : null;
        var weights = L1Weights.Of(2 * randn([2, 3, 37, 37], ScalarType.Float64), L1Activation.Softplus, visible);
        var keys = causal ? arange(1, 38, ScalarType.Float64).unsqueeze(1) : full([1], 37.0, ScalarType.Float64);
        var expected = SoftplusControls.NaivePower(weights, keys, power, epsilon: 0);
        var got = Reweighting.Apply(weights, visible, power);
        Assert.True(got.allclose(expected, 1e-9, 1e-12));
        Assert.True((got > 0).equal(weights * keys > (keys > 3).to(ScalarType.Float64)).all().item<bool>());
        Assert.True(got.sum(-1).allclose(ones_like(got.sum(-1)), 1e-14, 1e-14));
    }

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    public void Rows_of_equal_weights_are_kept_however_they_round_and_have_finite_gradients(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        foreach (var keys in new[] { 1, 2, 3, 7, 49, 1000 })
        {
            var weights = full([1, 1, 2, keys], 1.0 / keys, dtype).requires_grad_(true);
            var got = Reweighting.Apply(weights);
            Assert.True(got.equal(weights).all().item<bool>(), $"{keys} keys");
            Assert.True(autograd.grad([got.square().sum()], [weights])[0].isfinite().all().item<bool>());
        }
    }

    [Fact]
    public void A_huge_power_gives_the_largest_weight_everything_and_overflows_in_no_dtype()
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64 })
        {
            var weights = tensor(new[] { 0.125, 0.125, 0.25, 0.5, 0, 0, 0, 0 }).to(dtype).requires_grad_(true);
            var got = Reweighting.Apply(weights, power: 1e4);
            Assert.Equal([0, 0, 0, 1, 0, 0, 0, 0], got.to(ScalarType.Float64).data<double>().ToArray());
            Assert.True(autograd.grad([(got * got).sum()], [weights])[0].isfinite().all().item<bool>());
        }
    }

    [Fact]
    public void The_l1_family_is_softmax_for_exp_and_sums_to_one_or_zero()
    {
        using var scope = NewDisposeScope();
        var visible = ones([9, 9], ScalarType.Bool).tril(-2);
        foreach (var scores in new[] { randn([2, 9, 9], ScalarType.Float64), randn([2, 9, 9], ScalarType.Float64) * 1e4 })
            foreach (var activation in Enum.GetValues<L1Activation>())
            {
                var weights = L1Weights.Of(scores, activation, visible);
                Assert.True(weights.isfinite().all().item<bool>() && weights.triu(-1).eq(0).all().item<bool>());
                var sums = weights.sum(-1);
                Assert.True(((sums - 1).abs() < 1e-14).logical_or(sums == 0).all().item<bool>());
                if (activation == L1Activation.Exp)
                    Assert.True(weights.allclose(scores.masked_fill(~visible, double.NegativeInfinity).softmax(-1).nan_to_num(0), 1e-13, 1e-15));
            }
        var plain = tensor(new double[] { -1, 0, 3, 21 });
        double[] softplus = [.. plain.data<double>().Select(x => Math.Log(1 + Math.Exp(x)))];
        Assert.True(L1Weights.Of(plain, L1Activation.Softplus).allclose(tensor(softplus) / softplus.Sum(), 1e-14, 0));
        Assert.True(L1Weights.Of(plain, L1Activation.Relu).equal(tensor(new double[] { 0, 0, 3, 21 }) / 24).all().item<bool>());
    }

    [Fact]
    public void The_naive_power_overflows_in_float32_and_epsilon_takes_a_flat_rows_sum()
    {
        using var scope = NewDisposeScope();
        var needle = eye(1024).narrow(0, 0, 1);
        Assert.False(SoftplusControls.NaivePower(needle, full([1], 1024)).isfinite().all().item<bool>());
        var flat = L1Weights.Of(0.1 * randn([1, 64], ScalarType.Float64), L1Activation.Softplus);
        Assert.True(SoftplusControls.NaivePower(flat, full([1], 64)).sum().item<double>() < 0.5);
        var (q, k) = (tensor(new double[] { 1, 2 }).view(1, 1, 1, 2), tensor(new double[] { -1, -1, 3, 0 }).view(1, 1, 2, 2));
        Assert.Equal(3 / Math.Sqrt(2) / 2, SoftplusControls.ReluOverKeys(q, k, ones(1, 1, 2, 1, ScalarType.Float64)).item<double>(), 1e-14);
    }

    [Fact]
    public void Bad_powers_and_offsets_are_named()
    {
        using var scope = NewDisposeScope();
        var q = randn(1, 1, 4, 2);
        foreach (var power in new[] { 0.5, double.NaN, double.PositiveInfinity })
        {
            Assert.StartsWith("power: got ", Assert.Throws<ArgumentException>(() => SoftplusAttention.Plain(q, q, q, power: power)).Message);
            Assert.StartsWith("power: got ", Assert.Throws<ArgumentException>(() => Reweighting.Apply(q, power: power)).Message);
        }
        Assert.StartsWith("offset: got 1.5, needs a number from 0 to 1", Assert.Throws<ArgumentException>(() => Reweighting.Apply(q, offset: 1.5)).Message);
    }
}
