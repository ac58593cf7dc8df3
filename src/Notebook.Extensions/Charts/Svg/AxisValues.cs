using System.Text.Json.Nodes;

namespace Attn.Notebook.Charting;

/// <summary>Turns the places that traces give into numbers: as they are, or by order of first appearance where they are names.</summary>
internal sealed class AxisValues
{
    private readonly Dictionary<string, int>? _names;

    private AxisValues(Dictionary<string, int>? names) => _names = names;

    /// <summary>The names in order; null on an axis of numbers.</summary>
    public IReadOnlyList<string>? Names => _names?.OrderBy(name => name.Value).Select(name => name.Key).ToList();

    /// <param name="kind">Plotly's axis type; null when not given.</param>
    /// <param name="values">The places of every trace on the axis.</param>
    public static AxisValues Of(string? kind, IEnumerable<JsonNode?> values)
    {
        var all = values.OfType<JsonArray>().SelectMany(array => array).ToList();
        if (kind is "linear" or "log" || kind != "category" && all.All(value => value is null || double.IsFinite(Figure.Number(value))))
            return new(null);
        var names = new Dictionary<string, int>();
        foreach (var value in all)
            names.TryAdd(Figure.Text(value) ?? "", names.Count);
        return new(names);
    }

    /// <summary>The numbers of a trace's places; 0, 1, 2, … where it gives none.</summary>
    public double[] Numbers(JsonNode? values, int count)
    {
        if (values is not JsonArray array)
            return [.. Enumerable.Range(0, count).Select(i => (double)i)];
        return [.. array.Select(value => _names is null ? Figure.Number(value) : _names.GetValueOrDefault(Figure.Text(value) ?? "", -1))];
    }
}
