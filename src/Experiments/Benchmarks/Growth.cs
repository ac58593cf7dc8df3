using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>How time grows with the number of tokens, as the exponent p of the best fit ∝ Tᵖ over some lengths.</summary>
/// <param name="Measured">Of the time measured.</param>
/// <param name="Expected">Of the operations that the row's own formula counts at the same lengths.</param>
public readonly record struct Growth(double Measured, double Expected)
{
    private const long Seed = 1;

    /// <summary>
    /// Times a form's forward pass at several lengths, which take turns, in processor time. A short length is called several times in a turn, so that
    /// every turn handles as many tokens.
    /// </summary>
    /// <param name="mechanism">The row.</param>
    /// <param name="form">One of its forms.</param>
    /// <param name="lengths">Tokens, at least two different numbers.</param>
    /// <param name="shape">Batch, heads and widths; its lengths do not count.</param>
    /// <param name="repeats">Counted turns; the middle one counts.</param>
    /// <exception cref="ArgumentException">Fewer than two lengths, or a row that serves no self-attention of that shape.</exception>
    public static Growth Of(AttentionMechanism mechanism, AttentionForm form, IReadOnlyList<int> lengths, AttentionShape shape, int repeats = 3)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var calls = lengths.Select(length => AttentionInputs.Random(mechanism, shape with { QueryLength = length, KeyLength = length }, Seed)).ToArray();
        var turns = lengths.Select(length => lengths.Max() / length).ToArray();
        var times = Timing.Medians([.. calls.Zip(turns, (inputs, count) => (Action)(() => Repeat(form, inputs, count)))], repeats);
        return Fit(
            [.. lengths.Select(length => (double)length)],
            [.. times.Zip(turns, (time, count) => time / count)],
            [.. calls.Select(inputs => mechanism.Cost(inputs.Shape, inputs.Causal).Flops)]);
    }

    /// <summary>Of one mechanism's results at several lengths; those that were skipped do not count. Null where fewer than two are left.</summary>
    public static Growth? Of(IEnumerable<BenchmarkResult> results)
    {
        var timed = results.Where(result => result.Skipped is null).ToArray();
        return timed.Length < 2 ? null : Fit(
            [.. timed.Select(result => (double)result.Case.Shape.QueryLength)],
            [.. timed.Select(result => result.Milliseconds)],
            [.. timed.Select(result => result.Case.Cost.Flops)]);
    }

    private static Growth Fit(double[] lengths, double[] times, double[] costs) => new(Timing.Exponent(lengths, times), Timing.Exponent(lengths, costs));

    private static void Repeat(AttentionForm form, AttentionInputs inputs, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var scope = NewDisposeScope();
            form.Run(inputs);
        }
    }
}
