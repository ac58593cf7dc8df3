using Attn.Theory.ScanAndSnap;

namespace Theory.Tests.ScanAndSnap;

public sealed class DecoderDynamicsTests
{
    private static double[][] Contexts(int classes, int tokens, long seed) =>
        [.. RandomModels.Classes(classes, tokens, seed).Classes.Select(c =>
        {
            var norm = Math.Sqrt(c.Probabilities.Sum(p => p * p));
            var f = new double[tokens];
            foreach (var (token, p) in c.Tokens.Zip(c.Probabilities))
                f[token] = p / norm;
            return f;
        })];

    private static double WorstError(bool corrected, int classes, int vocabulary, double etaY)
    {
        int[] next = [.. Enumerable.Range(0, classes).Select(n => n * 2)];
        var dynamics = new DecoderDynamics(Contexts(classes, 13, 5), next, vocabulary, corrected);
        var (visits, worst) = (new int[classes], 0.0);
        for (var step = 0; step < 200; step++)
        {
            var n = (step * 7 + step / 5) % classes; // Classes come in no fixed order and unequally often.
            dynamics.Step(n, etaY);
            visits[n]++;
            for (var k = 0; k < classes; k++)
            {
                var h = ScanSnapTheory.HStar(visits[k], vocabulary, etaY)[^1];
                worst = Math.Max(worst, RandomModels.MaxDifference(dynamics.Row(k), DecoderDynamics.ClosedForm(h, next[k], vocabulary)));
            }
        }

        return worst;
    }

    [Theory]
    [InlineData(3, 50, 0.5)]
    [InlineData(4, 101, 0.2)]
    [InlineData(1, 3, 2.0)]
    public void Corrected_rows_follow_the_closed_form(int classes, int vocabulary, double etaY) =>
        Assert.True(WorstError(corrected: true, classes, vocabulary, etaY) < 1e-10);

    [Fact]
    public void Rows_of_overlapping_classes_do_not_without_the_correction() =>
        Assert.True(WorstError(corrected: false, 3, 50, 0.5) > 0.01);

    [Fact]
    public void The_closed_form_sums_to_zero() => Assert.Equal(0, DecoderDynamics.ClosedForm(0.37, 4, 11).Sum(), 1e-14);

    [Fact]
    public void Bad_arguments_are_named()
    {
        var contexts = Contexts(2, 7, 1);
        Assert.Equal("next", Assert.Throws<ArgumentException>(() => new DecoderDynamics(contexts, [0], 9)).ParamName);
        Assert.Equal("next", Assert.Throws<ArgumentException>(() => new DecoderDynamics(contexts, [0, 9], 9)).ParamName);
        Assert.Throws<ArgumentException>(() => new DecoderDynamics([contexts[0], contexts[0]], [0, 1], 9));
        Assert.Equal("contexts", Assert.Throws<ArgumentException>(() => ClassCorrelation.Of([[1.0], [0.6, 0.8]])).ParamName);
    }
}
