using System.Globalization;

namespace Attn.Notebook;

/// <summary>Numbers as tables show them: four significant digits, no more.</summary>
internal static class Number
{
    public static string Of(double value)
    {
        if (!double.IsFinite(value))
            return double.IsNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
        if (value == Math.Truncate(value) && Math.Abs(value) < 1e7)
            return value.ToString("0", CultureInfo.InvariantCulture);
        return Math.Abs(value) is >= 1e-3 and < 1e6
            ? value.ToString("G4", CultureInfo.InvariantCulture)
            : value.ToString("0.##e+0", CultureInfo.InvariantCulture).Replace("e+", "e", StringComparison.Ordinal);
    }
}
