using Attn.Theory.EntropyBounds;

namespace Theory.Tests.EntropyBounds;

public class DriftingMatrixTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(64)]
    public void One_step_an_update_follows_a_matrix_that_drifts_slowly(int width)
    {
        foreach (var decomposed in new[] { false, true })
        {
            var errors = DriftingMatrix.Errors(width, 1e-3, 150, seed: 3, decomposed);
            Assert.Equal(150, errors.Length);
            Assert.All(errors, error => Assert.InRange(error, -1e-12, 1));
            Assert.All(errors[(decomposed ? 0 : 100)..], error => Assert.InRange(error, -1e-12, 0.01));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_steps_it_does_not(bool decomposed)
    {
        var (kept, followed) = (DriftingMatrix.Errors(64, 0.02, 100, 3, decomposed, iterate: false), DriftingMatrix.Errors(64, 0.02, 100, 3, decomposed));
        Assert.True(kept[^1] > 0.005);
        Assert.True(kept[^1] > 3 * followed[^1], $"{kept[^1]} {followed[^1]}");
    }

    [Fact]
    public void A_matrix_that_stays_is_found() => Assert.InRange(DriftingMatrix.Errors(8, 0, 400, seed: 1)[^1], -1e-12, 1e-6);

    [Fact]
    public void Bad_arguments_are_named()
    {
        static string? Name(Action call) => Assert.ThrowsAny<ArgumentException>(call).ParamName;
        Assert.Equal("width", Name(() => DriftingMatrix.Errors(0, 1, 1, 1)));
        Assert.Equal("drift", Name(() => DriftingMatrix.Errors(1, -1, 1, 1)));
        Assert.Equal("updates", Name(() => DriftingMatrix.Errors(1, 1, 0, 1)));
    }
}
