using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Attn.Notebook.Charting;

namespace Attn.Notebook.Formatting;

/// <summary>The pattern as data beside its picture, and the script that turns the two into something to zoom and to point at.</summary>
internal static class PatternMap
{
    /// <summary>Cells over all heads; two bytes each, so that a page with some patterns stays light.</summary>
    private const int MostCells = 300_000;
    private const int MostSide = 512, LeastSide = 24;
    private const ushort NotFinite = ushort.MaxValue, Top = ushort.MaxValue - 1;

    private static readonly Lazy<string> Script = new(() => ScriptText.Escape(Read()));

    /// <summary>Cells a side that each of so many heads may have.</summary>
    public static int Side(int heads) => Math.Clamp((int)Math.Sqrt(MostCells / (double)heads), LeastSide, MostSide);

    /// <summary>Wraps a static picture.</summary>
    public static string Html(AttentionPattern pattern, IReadOnlyList<double[,]> grids, string still)
    {
        var json = ScriptText.Json(Data(pattern, grids));
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..16];
        return $$"""
            <div class="attn-map" data-attn-map="{{id}}">
            <div class="attn-map-still">{{still}}</div>
            <script type="application/json">{{json}}</script>
            </div>
            <script>{{Script.Value}}
            document.querySelectorAll('[data-attn-map="{{id}}"]:not([data-drawn])').forEach(function (place) {
              place.setAttribute('data-drawn', '');
              window.AttnMap(place);
            });</script>
            """;
    }

    private static JsonObject Data(AttentionPattern pattern, IReadOnlyList<double[,]> grids)
    {
        var finite = grids.SelectMany(grid => grid.Cast<double>()).Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        var (scale, low, high) = ColorScale.For(Math.Min(0, finite.Min()), finite.Max());
        return new()
        {
            ["layers"] = pattern.Layers,
            ["heads"] = grids.Count / pattern.Layers,
            ["rows"] = grids[0].GetLength(0),
            ["cols"] = grids[0].GetLength(1),
            ["queries"] = pattern.Weights.size(-2),
            ["keys"] = pattern.Weights.size(-1),
            ["low"] = low,
            ["high"] = high,
            ["stops"] = new JsonArray([.. scale.Stops.Select(stop => (JsonNode)new JsonArray((int)stop.R, (int)stop.G, (int)stop.B))]),
            ["q"] = Names(pattern.QueryTokens),
            ["k"] = Names(pattern.KeyTokens),
            ["view"] = pattern.Layout.ToString().ToLowerInvariant(),
            ["data"] = Convert.ToBase64String(Bytes(grids, low, high)),
        };
    }

    private static JsonArray? Names(IReadOnlyList<string>? names) => names is null ? null : new JsonArray([.. names.Select(name => (JsonNode)name)]);

    private static byte[] Bytes(IReadOnlyList<double[,]> grids, double low, double high)
    {
        var span = high > low ? high - low : 1;
        var bytes = new byte[grids.Sum(grid => grid.Length) * sizeof(ushort)];
        var at = 0;
        foreach (var grid in grids)
            foreach (var value in grid)
            {
                var share = double.IsFinite(value) ? (ushort)Math.Round((value - low) / span * Top) : NotFinite;
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), share);
                at += sizeof(ushort);
            }

        return bytes;
    }

    private static string Read()
    {
        using var reader = new StreamReader(typeof(PatternMap).Assembly.GetManifestResourceStream("Attn.Notebook.Patterns.map.js")!);
        return reader.ReadToEnd();
    }
}
