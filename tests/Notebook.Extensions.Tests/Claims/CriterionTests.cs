namespace Attn.Notebook.Tests.Claiming;

/// <summary>Criteria at their bounds.</summary>
public sealed class CriterionTests
{
    public static TheoryData<string, double, bool> Bounds => new()
    {
        { "< 1", 1, false },
        { "< 1", 0.999, true },
        { "≤ 1", 1, true },
        { "≤ 1", 1.001, false },
        { "> 1", 1, false },
        { "> 1", 1.001, true },
        { "≥ 1", 1, true },
        { "≥ 1", 0.999, false },
        { "in [1, 2]", 1, true },
        { "in [1, 2]", 2, true },
        { "in [1, 2]", 2.001, false },
        { "1 ± 0.5", 1.5, true },
        { "1 ± 0.5", 0.499, false },
    };

    private static readonly Criterion[] All =
    [
        Criterion.Below(1), Criterion.AtMost(1), Criterion.Above(1), Criterion.AtLeast(1), Criterion.Within(1, 2), Criterion.Near(1, 0.5), Criterion.IsTrue,
    ];

    [Theory]
    [MemberData(nameof(Bounds))]
    public void A_bound_is_on_the_side_that_its_text_says(string text, double value, bool holds) =>
        Assert.Equal(holds, All.Single(criterion => criterion.Text == text).Holds(value));

    [Fact]
    public void Nothing_is_satisfied_by_what_is_no_number() => Assert.All(All, criterion => Assert.False(criterion.Holds(double.NaN)));

    [Fact]
    public void The_margin_says_how_far_a_value_is_on_the_right_side()
    {
        Assert.Equal(0.25, Criterion.Below(1).Margin(0.75));
        Assert.Equal(-0.25, Criterion.AtLeast(1).Margin(0.75));
        Assert.Equal(0.25, Criterion.Within(1, 2).Margin(1.75));
    }

    [Fact]
    public void A_criterion_that_nothing_could_fail_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Criterion.Below(double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => Criterion.Near(1, double.NaN));
        Assert.Throws<ArgumentException>(() => Criterion.Within(2, 1));
    }

    [Theory]
    [InlineData(new[] { 3.0, 2, 1 }, true)]
    [InlineData(new[] { 3.0, 2, 2 }, false)]
    [InlineData(new[] { 3.0, double.NaN, 1 }, false)]
    public void A_sequence_must_go_on_at_every_step(double[] values, bool decreasing)
    {
        Assert.Equal(decreasing, Criterion.Decreasing.Holds(values));
        Assert.Equal(decreasing, Criterion.Increasing.Holds([.. values.Reverse()]));
    }
}
