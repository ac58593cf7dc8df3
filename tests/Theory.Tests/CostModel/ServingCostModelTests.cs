using Attn.Theory.CostModel;

namespace Theory.Tests.CostModel;

public sealed class ServingCostModelTests
{
    private static readonly Devices OneH100 = new(1, Accelerator.H100), TwoH100 = new(2, Accelerator.H100), FourH100 = new(4, Accelerator.H100);
    private static readonly Devices TwoH20 = new(2, Accelerator.H20), FourH20 = new(4, Accelerator.H20);

    [Theory]
    [InlineData(1365, 79, 36, 1.21)]
    [InlineData(2075, 52, 23, 1.23)]
    [InlineData(8742, 12, 5, 1.25)]
    [InlineData(12377, 8, 4, 1.11)]
    public void The_model_of_33_billion_serves_as_worked_out_by_hand(double context, int pooled, int together, double gain)
    {
        var costs = new ServingCostModel(ServedModel.B33);
        var (apart, one) = (costs.Disaggregated(context, OneH100, TwoH20), costs.Homogeneous(context, TwoH100));
        Assert.Equal((pooled, together), (apart.Batch, one.Batch));
        Assert.Equal(gain, apart.Throughput / one.Throughput, 0.006);
        Assert.Equal(gain * 22.12 / 20.32, apart.TokensPerDollar / one.TokensPerDollar, 0.007);
    }

    [Fact]
    public void A_compute_bound_setting_gains_nothing()
    {
        var costs = new ServingCostModel(ServedModel.B70);
        var (apart, one) = (costs.Disaggregated(1365, TwoH100, FourH20), costs.Homogeneous(1365, FourH100));
        Assert.Equal((772, 336), (apart.Batch, one.Batch));
        Assert.Equal(0.92, apart.Throughput / one.Throughput, 0.005);
    }

    [Fact]
    public void Intensity_of_attention_is_the_group_whatever_the_batch()
    {
        foreach (var model in (ServedModel[])[ServedModel.B33, ServedModel.B70])
            foreach (var batch in (double[])[1, 7, 512])
            {
                Assert.Equal(2.0 * model.Group / model.ElementBytes, model.AttentionIntensity(batch, 100 * batch), 1e-9);
                Assert.True(model.LinearIntensity(2 * batch) > 1.5 * model.LinearIntensity(batch));
            }
    }

    [Fact]
    public void Where_the_weights_do_not_fit_nothing_is_served()
    {
        var serving = new ServingCostModel(ServedModel.B70).Homogeneous(1000, OneH100);
        Assert.Equal((0, 0.0, 0.0), (serving.Batch, serving.Throughput, serving.TokensPerDollar));
    }

    [Fact]
    public void Sending_the_query_first_never_loses()
    {
        var random = new Random(5);
        for (var i = 0; i < 1000; i++)
        {
            double Draw() => Math.Exp(6 * random.NextDouble() - 3);
            var step = new EarlyQuery(Draw(), random.NextDouble(), Draw(), Draw(), Draw(), Draw());
            Assert.True(step.Gain >= 0, step.ToString());
        }

        // Serial 4 + 1 + 1 + 2 + 1 = 9; 4·¾ + 1 + max(2, 1 + 1) + 1 = 7.
        Assert.Equal(9.0 / 7 - 1, new EarlyQuery(4, 0.25, 1, 1, 2, 1).Gain, 1e-12);
    }

    [Fact]
    public void The_least_bandwidth_makes_transfers_the_given_share()
    {
        var costs = new ServingCostModel(ServedModel.B65);
        var least = costs.MinBandwidth(50, 4000, 0.2, OneH100, TwoH20);
        var transfer = (costs with { LinkBandwidth = least }).TransferTime(50, OneH100);
        Assert.Equal(0.2, transfer / (costs.LinearTime(50, OneH100) + costs.AttentionTime(50, 4000, TwoH20)), 1e-12);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        var costs = new ServingCostModel(ServedModel.B33);
        Assert.StartsWith("context: got 0", Assert.Throws<ArgumentException>(() => costs.MaxBatch(0, TwoH100)).Message, StringComparison.Ordinal);
        Assert.StartsWith("batch: got NaN", Assert.Throws<ArgumentException>(() => costs.LinearTime(double.NaN, TwoH100)).Message, StringComparison.Ordinal);
        Assert.StartsWith("share: got 2", Assert.Throws<ArgumentException>(() => costs.MinBandwidth(1, 1, 2, TwoH100, TwoH20)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Count: got 0", Assert.Throws<ArgumentException>(() => new Devices(0, Accelerator.H20)).Message, StringComparison.Ordinal);
    }
}
