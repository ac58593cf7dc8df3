using System.Globalization;

namespace Attn.Notebook.Charting;

/// <summary>Round numbers along an axis.</summary>
internal static class AxisTicks
{
    private const string Superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    public static IReadOnlyList<(double Value, string Label)> Of(AxisScale scale, int about) => scale.Log ? Decades(scale, about) : Round(scale, about);

    /// <summary>A number as short as an axis needs it when its neighbours are <paramref name="step"/> away.</summary>
    public static string Label(double value, double step)
    {
        if (value == 0)
            return "0";
        if (Math.Abs(value) is >= 1e5 or < 1e-3)
        {
            var power = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
            var digits = Math.Clamp(power - (int)Math.Floor(Math.Log10(step) + 1e-9), 0, 6);
            var mantissa = (value / Math.Pow(10, power)).ToString($"F{digits}", CultureInfo.InvariantCulture).Replace('-', '−');
            return mantissa == "1" ? Power(power) : $"{mantissa}×{Power(power)}";
        }

        var decimals = Math.Clamp(-(int)Math.Floor(Math.Log10(step) + 1e-9), 0, 8);
        return value.ToString($"F{decimals}", CultureInfo.InvariantCulture).Replace('-', '−');
    }

    private static List<(double, string)> Round(AxisScale scale, int about)
    {
        var (low, high) = (Math.Min(scale.Low, scale.High), Math.Max(scale.Low, scale.High));
        var raw = (high - low) / about;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var step = magnitude * ((raw / magnitude) switch { <= 1.001 => 1, <= 2.001 => 2, <= 5.001 => 5, _ => 10 });
        var ticks = new List<(double, string)>();
        for (var n = Math.Ceiling(low / step - 1e-9); n * step <= high + 1e-9 * step && ticks.Count < 50; n++)
            ticks.Add((n * step, Label(n * step, step)));
        return ticks;
    }

    private static List<(double, string)> Decades(AxisScale scale, int about)
    {
        int first = (int)Math.Ceiling(Math.Log10(scale.Low) - 1e-9), last = (int)Math.Floor(Math.Log10(scale.High) + 1e-9);
        var every = Math.Max(1, (last - first + about) / about);
        double[] within = last - first >= 2 ? [1] : [1, 2, 5];
        var ticks = new List<(double, string)>();
        for (var power = first - 1; power <= last; power++)
            foreach (var digit in within)
                if ((power - first) % every == 0 && digit * Math.Pow(10, power) is var value && value >= scale.Low * (1 - 1e-9) && value <= scale.High * (1 + 1e-9))
                    ticks.Add((value, digit == 1 && last - first >= 2 ? Power(power) : Label(value, value)));
        return ticks.Count > 1 ? ticks : Round(new AxisScale(scale.Low, scale.High, 0, 1, log: false), about);
    }

    private static string Power(int power) => power switch
    {
        0 => "1",
        1 => "10",
        _ => $"10{(power < 0 ? "⁻" : "")}{string.Concat(Math.Abs(power).ToString(CultureInfo.InvariantCulture).Select(digit => Superscripts[digit - '0']))}",
    };
}
