namespace Attn.Experiments.Tests.Flash;

public class HardwareTests
{
    private static readonly Hardware Simple = new("simple", Flops: 1000, Bytes: 100, SramBytes: 64, ElementBytes: 2);

    [Fact]
    public void The_longer_of_arithmetic_and_traffic_counts()
    {
        Assert.Equal(5, Simple.Seconds(operations: 5000, elements: 10));
        Assert.Equal(4, Simple.Seconds(operations: 100, elements: 200));
        Assert.Equal(10, Simple.Ridge);
        Assert.Equal(32, Simple.SramElements);
    }

    [Fact]
    public void The_attainable_rate_rises_to_the_ridge_and_stays()
    {
        Assert.Equal([500, 1000, 1000], new[] { 5.0, 10, 20 }.Select(Simple.Attainable));
        Assert.Equal(2.5, Simple.Intensity(operations: 50, elements: 10));
        Assert.All(Hardware.Known, device => Assert.Equal(device.Flops, device.Attainable(device.Ridge), 1e-3 * device.Flops));
    }
}
