using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>A state stands for all that came before it: a sequence may be cut anywhere, by one form and continued by another.</summary>
public class StateTests
{
    private const int Length = 37;

    public static TheoryData<Sample, int> Cuts =>
        [.. from sample in WithState(ScalarType.Float64, ScalarType.Float32) from cut in new[] { 1, 13, 36 } select (sample, cut)];

    public static TheoryData<Sample> Whole => [.. WithState(ScalarType.Float64)];

    [Theory]
    [MemberData(nameof(Cuts))]
    public void Two_parts_with_the_state_handed_over_are_the_whole(Sample sample, int cut)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        var forms = Variants.Of(sample.Row).ToList();
        for (var i = 0; i < forms.Count; i++)
        {
            var (form, other) = (forms[i], forms[(i + 1) % forms.Count]);
            var cutForm = form with { Run = whole => InTwo(whole, cut, form, other) };
            Tolerance.AssertAgree(
                $"{sample} {form.Name}, then {other.Name} from {cut}", Run.WithGradients(cutForm, inputs), Run.WithGradients(form, inputs), sample.Dtype);
        }
    }

    [Theory]
    [MemberData(nameof(Whole))]
    public void One_token_at_a_time_is_the_whole(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        foreach (var form in sample.Row.Forms)
        {
            var stepped = form with { Run = whole => InSteps(whole, form) };
            Tolerance.AssertAgree($"{sample} {form.Name}", Run.Forward(stepped, inputs), Run.Forward(form, inputs), sample.Dtype);
        }
    }

    [Theory]
    [MemberData(nameof(Whole))]
    public void The_state_matters(Sample sample)
    {
        using var scope = NewDisposeScope();
        var inputs = sample.Inputs();
        foreach (var form in sample.Row.Forms)
        {
            var (with, without) = (form.Run(inputs), form.Run(inputs with { InitialState = null }));
            Assert.True(RelativeError.Rms(with.Output, without.Output, 1) > 1e-3, $"{sample} {form.Name}: the initial state moves no output");
        }
    }

    private static IEnumerable<Sample> WithState(params ScalarType[] dtypes) =>
        Matrix.Over([new(1, 2, Length, Length, 6, 5)], dtypes).Where(sample => sample.Causal && sample.InitialState);

    private static AttentionOutput InTwo(AttentionInputs inputs, int cut, AttentionForm first, AttentionForm second)
    {
        var before = first.Run(inputs.OfTokens(0, cut));
        var after = second.Run(inputs.OfTokens(cut, Length - cut) with { InitialState = before.State });
        return new(cat([before.Output, after.Output], 2), after.State);
    }

    private static AttentionOutput InSteps(AttentionInputs inputs, AttentionForm form)
    {
        var (state, outputs) = (inputs.InitialState, new List<Tensor>());
        for (var t = 0; t < Length; t++)
        {
            var step = form.Run(inputs.OfTokens(t, 1) with { InitialState = state });
            state = step.State;
            outputs.Add(step.Output);
        }
        return new(cat(outputs, 2), state);
    }
}
