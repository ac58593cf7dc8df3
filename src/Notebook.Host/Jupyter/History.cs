using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>What the user ran, in this kernel and those before it.</summary>
internal sealed class History
{
    private readonly Lock _gate = new();
    private readonly HistoryFile _file;
    private readonly Lazy<List<HistoryEntry>> _entries;
    private readonly Lazy<int> _session;

    public History(HistoryFile file)
    {
        _file = file;
        // Read when first needed: a kernel's start has better things to do.
        _entries = new(() =>
        {
            file.Trim();
            return [.. file.Read()];
        });
        _session = new(() => _entries.Value.Select(entry => entry.Session).DefaultIfEmpty(0).Max() + 1);
    }

    /// <summary>Keeps a cell that has run.</summary>
    public void Add(int line, string source, string? output)
    {
        lock (_gate)
        {
            var entry = new HistoryEntry(_session.Value, line, source, output);
            _entries.Value.Add(entry);
            if (_entries.Value.Count > 2 * HistoryFile.Most)
                _entries.Value.RemoveRange(0, HistoryFile.Most);
            _file.Append(entry);
        }
    }

    /// <summary>Answers a <c>history_request</c>: a range of a session, the last cells, or those that match a pattern.</summary>
    public JsonObject Reply(JsonObject request)
    {
        lock (_gate)
        {
            var found = request.Text("hist_access_type", "tail") switch
            {
                "range" => Range(request.Number("session") ?? 0, request.Number("start") ?? 0, request.Number("stop")),
                "search" => Search(request.Text("pattern", "*"), request.Flag("unique", false)),
                _ => _entries.Value,
            };
            if (request.Text("hist_access_type", "tail") != "range" && request.Number("n") is { } count)
                found = found.TakeLast(count);
            var withOutput = request.Flag("output", false);
            return new()
            {
                ["status"] = "ok",
                ["history"] = new JsonArray([.. found.Select(entry => (JsonNode)new JsonArray(
                    entry.Session, entry.Line, withOutput ? new JsonArray(entry.Source, entry.Output) : (JsonNode)entry.Source))]),
            };
        }
    }

    // Session 0 is this one, -1 the one before.
    private IEnumerable<HistoryEntry> Range(int session, int start, int? stop) => _entries.Value.Where(entry =>
        entry.Session == (session > 0 ? session : _session.Value + session) && entry.Line >= start && (stop is null || entry.Line < stop));

    private IEnumerable<HistoryEntry> Search(string pattern, bool unique)
    {
        var found = _entries.Value.Where(entry => FileSystemName.MatchesSimpleExpression(pattern, entry.Source, ignoreCase: false));
        return unique ? found.Reverse().DistinctBy(entry => entry.Source).Reverse() : found;
    }
}
