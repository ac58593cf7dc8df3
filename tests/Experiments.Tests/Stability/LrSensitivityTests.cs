using CsCheck;

namespace Attn.Experiments.Tests.Stability;

public class LrSensitivityTests
{
    [Fact]
    public void Losses_count_up_to_the_initial_one()
    {
        Assert.Equal((0 + 1 + 3 + 3) / 4.0, LrSensitivity.Of([1, 2, 4, 100], 4), 1e-12);
        Assert.Equal((0 + 3) / 2.0, LrSensitivity.Of([1, double.NaN], 4), 1e-12);
        Assert.Equal((0 + 3) / 2.0, LrSensitivity.Of([1, double.PositiveInfinity], 4), 1e-12);
    }

    [Fact]
    public void It_is_zero_when_all_rates_do_as_well_and_never_less() => Gen.Double[0, 10].Array[1, 9].Sample(losses =>
        LrSensitivity.Of(losses, 5) >= -1e-12 && Math.Abs(LrSensitivity.Of(losses.Select(_ => losses[0]), 5)) < 1e-12);

    [Fact]
    public void Bad_arguments_are_named()
    {
        Assert.StartsWith("losses: got none", Assert.Throws<ArgumentException>(() => LrSensitivity.Of([], 1)).Message);
        Assert.StartsWith("initial: got NaN", Assert.Throws<ArgumentException>(() => LrSensitivity.Of([1], double.NaN)).Message);
    }
}
