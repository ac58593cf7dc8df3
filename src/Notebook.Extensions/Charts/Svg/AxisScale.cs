using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>Places values of an axis on pixels from <paramref name="start"/> to <paramref name="end"/>.</summary>
internal sealed class AxisScale(double low, double high, double start, double end, bool log)
{
    public double Low => low;

    public double High => high;

    public bool Log => log;

    public double Start => start;

    public double End => end;

    /// <summary>The pixel of a value; NaN for what has no place.</summary>
    public double At(double value)
    {
        var place = log ? (value > 0 ? Math.Log10(value) : double.NaN) : value;
        var t = (place - Coordinate(low)) / (Coordinate(high) - Coordinate(low));
        return start + t * (end - start);
    }

    /// <summary>The scale that holds the values, widened by a margin (a part of the span) and by the range that the layout asks for.</summary>
    public static AxisScale Of(JsonNode? axis, IEnumerable<double> values, double margin, double start, double end)
    {
        var log = Figure.Text(axis?["type"]) == "log";
        var usable = values.Where(value => double.IsFinite(value) && (!log || value > 0)).ToList();
        if (Figure.Text(axis?["autorange"]) == "reversed")
            (start, end) = (end, start);
        if (axis?["range"] is JsonArray { Count: 2 } range && Figure.Numbers(range).All(double.IsFinite))
        {
            var asked = Figure.Numbers(range).Select(value => log ? Math.Pow(10, value) : value).ToArray();
            if (asked[0] != asked[1] && asked.All(double.IsFinite))
                return new(asked[0], asked[1], start, end, log);
        }

        if (usable.Count == 0)
            return new(log ? 0.1 : 0, 1, start, end, log);
        var (low, high) = log ? (Math.Log10(usable.Min()), Math.Log10(usable.Max())) : (usable.Min(), usable.Max());
        if (high - low <= Math.Abs(high) * 1e-12)
            (low, high) = log ? (low - 0.5, high + 0.5) : (low - Math.Max(1e-9, 0.5 * Math.Abs(low)), high + Math.Max(1e-9, 0.5 * Math.Abs(high)));
        var room = margin * (high - low);
        (low, high) = (low - room, high + room);
        return log ? new(Math.Pow(10, low), Math.Pow(10, high), start, end, true) : new(low, high, start, end, false);
    }

    private double Coordinate(double value) => log ? Math.Log10(value) : value;
}
