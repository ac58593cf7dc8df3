using System.Globalization;

namespace Attn.Notebook.Charting;

/// <summary>A map from 0…1 to colours, linear between stops at equal distances.</summary>
internal sealed class ColorScale(params (byte R, byte G, byte B)[] stops)
{
    private static readonly (byte R, byte G, byte B) Missing = (200, 204, 210);

    /// <summary>White to deep blue: for weights, where nothing is no ink.</summary>
    public static ColorScale Sequential { get; } = new(
        (250, 252, 255), (214, 230, 244), (171, 208, 230), (106, 174, 214), (55, 135, 192), (16, 91, 164), (8, 48, 107));

    /// <summary>Blue through white to orange-red: for values of both signs, white at zero.</summary>
    public static ColorScale Diverging { get; } = new(
        (8, 81, 156), (66, 146, 198), (158, 202, 225), (250, 250, 250), (253, 190, 133), (230, 110, 30), (140, 45, 4));

    /// <summary>The colours at equal distances from 0 to 1.</summary>
    public IReadOnlyList<(byte R, byte G, byte B)> Stops => stops;

    /// <summary>The stops as Plotly takes them.</summary>
    public object[] Plotly => [.. Enumerable.Range(0, stops.Length).Select(i => (object)new object[] { i / (double)(stops.Length - 1), Hex(stops[i]) })];

    /// <summary>The colour at <paramref name="at"/>, held within 0…1; grey for what is no number.</summary>
    public string At(double at) => Hex(Rgb(at));

    /// <summary>As <see cref="At"/>, in bytes.</summary>
    public (byte R, byte G, byte B) Rgb(double at)
    {
        if (double.IsNaN(at))
            return Missing;
        var place = Math.Clamp(at, 0, 1) * (stops.Length - 1);
        var i = Math.Min((int)place, stops.Length - 2);
        var t = place - i;
        return (Mix(stops[i].R, stops[i + 1].R, t), Mix(stops[i].G, stops[i + 1].G, t), Mix(stops[i].B, stops[i + 1].B, t));
    }

    /// <summary>The scale and the range that suit values from <paramref name="min"/> to <paramref name="max"/>: symmetric about zero for both signs.</summary>
    public static (ColorScale Scale, double Low, double High) For(double min, double max)
    {
        if (!(min < 0))
            return (Sequential, min is > 0 && max > min && min > 0.5 * max ? min : Math.Min(0, min), max);
        var reach = Math.Max(Math.Abs(min), Math.Abs(max));
        return (Diverging, -reach, reach);
    }

    private static byte Mix(byte a, byte b, double t) => (byte)Math.Round(a + (b - a) * t);

    private static string Hex((byte R, byte G, byte B) c) =>
        string.Create(CultureInfo.InvariantCulture, $"#{c.R:x2}{c.G:x2}{c.B:x2}");
}
