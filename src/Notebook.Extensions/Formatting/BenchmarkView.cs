using System.Globalization;
using Attn.Experiments;
using Attn.Notebook.Formatting;
using Microsoft.Data.Analysis;
using Plotly.NET;
using static TorchSharp.torch;

namespace Attn.Notebook;

/// <summary>Timed mechanisms as a table, a chart and a data frame.</summary>
internal sealed class BenchmarkView(IReadOnlyList<BenchmarkResult> results, MachinePeak peak) : INotebookView
{
    private static readonly string[] Heads = ["tokens", "mechanism", "form", "time", "memory", "tokens/s", "GFLOP/s", "roofline", "ratio"];
    private static readonly bool[] Right = [true, false, false, true, true, true, true, true, true];

    private readonly BenchmarkCase _first = results[0].Case;

    public MimeBundle ToMimeBundle()
    {
        var rows = results.Select(Row).ToList();
        var head = $"{Mode}, {(_first.Causal ? "causal" : "noncausal")}, B{_first.Shape.Batch}-H{_first.Shape.Heads}-D{_first.Shape.KeyDim} {_first.Dtype.ToString().ToLowerInvariant()} on {Machine}";
        var note = $"Best of this machine, measured now: {Number.Of(peak.FlopsPerSecond / 1e9)} GFLOP/s, {Number.Of(peak.BytesPerSecond / 1e9)} GB/s. "
            + "Roofline is the share of what these allow by the row's own formula; ratio is the first mechanism's time over this one's."
            + Growths();
        var html = $"<div class=\"attn-bench\"><b>{Markup.Escape(head)}</b>{HtmlTable.Of(Heads, rows.Select(row => row.Select(Markup.Escape).ToList()), Right)}"
            + $"<div style=\"font-size:85%;opacity:.75\">{Markup.Escape(note)}</div></div>";
        return MimeBundle.Html(html, $"{head}\n{HtmlTable.Text(Heads, rows, Right)}\n{note}");
    }

    /// <summary>The figures as numbers, one row a case.</summary>
    public DataFrame ToDataFrame() => new(
        new Int32DataFrameColumn("tokens", results.Select(result => result.Case.Shape.QueryLength)),
        new StringDataFrameColumn("mechanism", results.Select(result => result.Case.Mechanism.Id)),
        new StringDataFrameColumn("form", results.Select(result => result.Case.Form.Name)),
        new DoubleDataFrameColumn("milliseconds", results.Select(result => result.Milliseconds)),
        new DoubleDataFrameColumn("peak_bytes", results.Select(result => result.PeakBytes is { } bytes ? bytes : double.NaN)),
        new DoubleDataFrameColumn("tokens_per_second", results.Select(result => result.TokensPerSecond)),
        new DoubleDataFrameColumn("gflops_per_second", results.Select(result => result.GigaflopsPerSecond)),
        new DoubleDataFrameColumn("roofline", results.Select(result => result.Roofline(peak))));

    /// <summary>Time against length, on logarithmic axes.</summary>
    public GenericChart Chart() => Charts.Lines(
        $"Time, {Mode}", "tokens", "milliseconds",
        results.GroupBy(result => result.Case.Mechanism.Id).Select(group => new Series(
            group.Key, [.. group.Select(result => (double)result.Case.Shape.QueryLength)], [.. group.Select(result => result.Milliseconds)])
        {
            Mode = SeriesMode.Both,
        }),
        logX: true, logY: true);

    /// <summary>The fitted growth of each mechanism that was timed at two lengths or more.</summary>
    private string Growths()
    {
        var fitted = results.GroupBy(result => result.Case.Mechanism.Id)
            .Select(group => (Id: group.Key, Growth: Growth.Of(group)))
            .Where(fit => fit.Growth is not null)
            .Select(fit => string.Create(CultureInfo.InvariantCulture, $"{fit.Id} T^{fit.Growth!.Value.Measured:0.00} (T^{fit.Growth.Value.Expected:0.00})"))
            .ToList();
        return fitted.Count == 0 ? "" : $" Time grows as {string.Join(", ", fitted)}; in brackets, by the row's formula.";
    }

    private string Mode => _first.Mode switch
    {
        BenchmarkMode.Forward => "forward",
        BenchmarkMode.ForwardBackward => "forward and backward",
        _ => "decoding one token",
    };

    private string Machine => _first.Device.type == TorchSharp.DeviceType.CPU ? $"{get_num_threads()} CPU threads" : _first.Device.ToString();

    private IReadOnlyList<string> Row(BenchmarkResult result)
    {
        string[] name = [result.Case.Shape.QueryLength.ToString(CultureInfo.InvariantCulture), result.Case.Mechanism.Id, result.Case.Form.Name];
        if (result.Skipped is { } why)
            return [.. name, why, "", "", "", "", ""];
        var first = results.First(other => other.Case.Shape.QueryLength == result.Case.Shape.QueryLength);
        return
        [
            .. name, $"{Number.Of(result.Milliseconds)} ms", result.PeakBytes is { } bytes ? $"{Number.Of(bytes / 1048576.0)} MiB" : "–",
            result.TokensPerSecond.ToString("N0", CultureInfo.InvariantCulture), Number.Of(result.GigaflopsPerSecond),
            result.Roofline(peak).ToString("0 %", CultureInfo.InvariantCulture),
            first.Skipped is null ? (first.Milliseconds / result.Milliseconds).ToString("0.00×", CultureInfo.InvariantCulture) : "–",
        ];
    }
}
