using Attn.Experiments;

namespace Experiments.Tests;

public sealed class ScaleTests
{
    [Theory]
    [InlineData("smoke", ExperimentSize.Smoke)]
    [InlineData("Laptop", ExperimentSize.Laptop)]
    [InlineData("GPU", ExperimentSize.Gpu)]
    public void A_name_in_any_case_is_read(string name, ExperimentSize expected) => Assert.Equal(expected, Scale.Parse(name).Size);

    [Theory]
    [InlineData("large")]
    [InlineData("")]
    [InlineData("1")]
    [InlineData(" smoke")]
    [InlineData("smoke,laptop")]
    public void Another_name_is_refused_with_those_there_are(string name)
    {
        var error = Assert.Throws<ArgumentException>(() => Scale.Parse(name));
        Assert.Contains($"'{name}'", error.Message);
        Assert.Contains("smoke, laptop, gpu", error.Message);
    }

    [Fact]
    public void Each_size_picks_its_own_value()
    {
        Assert.Equal(80, Scale.Parse("smoke").Pick(smoke: 80, laptop: 250));
        Assert.Equal(250, Scale.Parse("laptop").Pick(smoke: 80, laptop: 250));
        Assert.Equal(250, Scale.Parse("gpu").Pick(smoke: 80, laptop: 250));
        Assert.Equal(900, Scale.Parse("gpu").Pick(smoke: 80, laptop: 250, gpu: 900));
    }

    [Fact]
    public void The_text_of_a_scale_is_what_Parse_reads() =>
        Assert.All(Scale.Names, name => Assert.Equal(name, Scale.Parse(name).ToString()));
}
