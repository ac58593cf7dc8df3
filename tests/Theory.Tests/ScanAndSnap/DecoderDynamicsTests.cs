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

    [Theory]
    [InlineData(3, 50, 0.5)]
    [InlineData(4, 101, 0.2)]
    [InlineData(1, 3, 2.0)]
    public void Corrected_rows_follow_the_closed_form(int classes, int vocabulary, double etaY) =>
        Assert.True(DecoderErrors.OfRows(Contexts(classes, 13, 5), vocabulary, etaY, 200, seed: 2) < 1e-10);

    [Fact]
    public void Rows_of_overlapping_classes_do_not_without_the_correction() =>
        Assert.True(DecoderErrors.OfRows(Contexts(3, 13, 5), 50, 0.5, 200, seed: 2, corrected: false) > 0.01);

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

    [Fact]
    public void The_force_on_attention_is_Theorem_1s_up_to_terms_of_order_K_over_M()
    {
        double Error(int vocabulary, bool corrected = true) => DecoderErrors.OfForce(Contexts(4, 13, 6), vocabulary, 0.5, visits: 30, corrected);
        Assert.Equal(10, Error(100) / Error(1000), 1.0);
        Assert.True(Error(1000) < 0.02);
        Assert.True(Error(1000, corrected: false) > 0.02);
    }
}
