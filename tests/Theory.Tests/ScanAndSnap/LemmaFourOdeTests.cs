using Attn.Theory.ScanAndSnap;
using CsCheck;

namespace Theory.Tests.ScanAndSnap;

public sealed class LemmaFourOdeTests
{
    private static int Violations(SequenceClasses data, int steps, bool flip = false)
    {
        var ode = new LemmaFourOde(data, etaY: 1, etaZ: 0.05, vocabulary: 1000, flipCorrection: flip);
        var (violations, row) = (0, data.QueryTokens[0] * data.Vocabulary);
        for (var i = 0; i < steps; i++)
        {
            ode.Step();
            violations += data.ContextTokens.Count(l => (data.IsCommon(l) ? -1 : 1) * ode.Velocity[row + l] <= 0);
        }

        return violations;
    }

    [Fact]
    public void Distinct_tokens_rise_and_the_common_one_falls_whatever_the_probabilities() =>
        Gen.Select(Gen.Int[2, 5], Gen.Int[12, 19], Gen.Long).Sample(
            (classes, vocabulary, seed) => Violations(RandomModels.Classes(classes, vocabulary, seed), 20) == 0, iter: 40);

    [Fact]
    public void With_the_other_sign_of_the_correction_they_do_not() =>
        Assert.True(Violations(RandomModels.Classes(3, 13, 1), 20, flip: true) > 100);

    [Fact]
    public void Gains_grow_by_the_law_and_within_the_bounds()
    {
        var data = SequenceClasses.Layered(1, 10, common: 1, distinct: 5, commonMass: 0.3);
        var ode = new LemmaFourOde(data, etaY: 1, etaZ: 0.05, vocabulary: 1000);
        for (var i = 0; i < 599; i++)
            ode.Step();
        Assert.True(AttentionMap.LawError(data, ode.Model, 3) is > 0 and < 1e-3);
        var (dominant, p) = (data.DistinctTokens(3)[^1], data.Classes[3].Probabilities);
        var (lower, upper) = ScanSnapTheory.GrowthBounds(ode.B[3], data.Probability(3, dominant) / Math.Sqrt(p.Sum(x => x * x)));
        Assert.Equal(1.148, lower, 0.0006);
        Assert.Equal(1.227, AttentionMap.GrowthFactor(data, ode.Model, 3, dominant), 0.0006);
        Assert.Equal(1.602, upper, 0.0006);

        var q = data.DistinctTokens(3).Select(l => AttentionMap.ConservedQuantity(data, ode.Model, 3, l)).ToArray();
        Assert.True(q.Min() > 0 && q.Max() / q.Min() - 1 < 0.005, "Q is the same for all distinct tokens");
    }

    [Fact]
    public void Halving_the_step_changes_little_and_halves_the_error_of_the_law()
    {
        var data = RandomModels.Classes(3, 13, 2);
        double Error(double dt)
        {
            var ode = new LemmaFourOde(data, 1, 0.05, 1000);
            for (var i = 0; i < 300 / dt; i++)
                ode.Step(dt);
            Assert.Equal(300, ode.Time, 1e-9);
            return AttentionMap.LawError(data, ode.Model, 0);
        }

        Assert.Equal(2, Error(1) / Error(0.5), 0.1);
    }

    [Fact]
    public void Disjoint_classes_do_not_move_attention()
    {
        var data = SequenceClasses.Layered(1, 4, common: 0, distinct: 5);
        var ode = new LemmaFourOde(data, 1, 0.5);
        for (var i = 0; i < 50; i++)
            ode.Step();
        Assert.All(ode.Model.Z, z => Assert.Equal(0, z, 1e-13));
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        var data = SequenceClasses.SynSmall();
        Assert.Equal("etaY", Assert.Throws<ArgumentException>(() => new LemmaFourOde(data, 0, 1)).ParamName);
        Assert.Equal("etaZ", Assert.Throws<ArgumentException>(() => new LemmaFourOde(data, 1, -1)).ParamName);
        Assert.Equal("vocabulary", Assert.Throws<ArgumentException>(() => new LemmaFourOde(data, 1, 1, 33)).ParamName);
    }

    [Fact]
    public void Several_common_tokens_fall_together_when_classes_are_alike() =>
        Assert.Equal(0, Violations(SequenceClasses.Layered(1, 6, common: 3, distinct: 4, commonMass: 0.3), 100));
}
