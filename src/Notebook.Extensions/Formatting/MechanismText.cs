using System.Globalization;
using Attn.Kernels;

namespace Attn.Notebook.Formatting;

/// <summary>The parts of a catalogue row as words.</summary>
internal static class MechanismText
{
    /// <summary>The shape at which costs are quoted.</summary>
    public static AttentionShape Example { get; } = AttentionShape.Self(batch: 1, heads: 16, length: 2048, dim: 128);

    private static readonly (AttentionPatterns Pattern, string Name)[] Names =
    [
        (AttentionPatterns.NoncausalSelf, "noncausal self"), (AttentionPatterns.CausalSelf, "causal self"),
        (AttentionPatterns.NoncausalCross, "noncausal cross"), (AttentionPatterns.CausalCross, "causal cross"),
    ];

    public static string Patterns(AttentionPatterns patterns) => patterns == AttentionPatterns.All
        ? "all four"
        : string.Join(", ", Names.Where(name => patterns.HasFlag(name.Pattern)).Select(name => name.Name));

    public static string Forms(AttentionMechanism row) => string.Join(", ", row.Forms.Select(form => form.Name));

    public static string Cost(AttentionMechanism row)
    {
        var cost = row.Cost(Example, IsCausal(row));
        return $"{Scaled(cost.Flops)}FLOP, {Scaled(cost.Elements)} elements moved, {Scaled(cost.StateElements)} of state, at {Example}";
    }

    /// <summary>How the row's count of operations grows with T where it is long: by what power from one length to its double.</summary>
    public static string Growth(AttentionMechanism row)
    {
        var flops = new[] { 4, 8 }.Select(times => row.Cost(Longer(times), IsCausal(row)).Flops).ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"time ∝ T^{Math.Log2(flops[1] / flops[0]):0.0} at long T");
    }

    private static AttentionShape Longer(int times) => Example with { QueryLength = times * Example.QueryLength, KeyLength = times * Example.KeyLength };

    private static bool IsCausal(AttentionMechanism row) => row.Patterns.HasFlag(AttentionPatterns.CausalSelf);

    private static string Scaled(double value)
    {
        var (scale, unit) = Math.Abs(value) switch { >= 1e12 => (1e12, "T"), >= 1e9 => (1e9, "G"), >= 1e6 => (1e6, "M"), >= 1e3 => (1e3, "k"), _ => (1.0, "") };
        return string.Create(CultureInfo.InvariantCulture, $"{value / scale:0.##} {unit}");
    }
}
