using System.Globalization;
using System.Text.Json.Nodes;
using Attn.Notebook.Charting;

namespace Attn.Notebook;

/// <summary>A progress display as text and as HTML.</summary>
internal static class ProgressView
{
    private const int Cells = 24;

    public static MimeBundle Of(ProgressState state)
    {
        var facts = Facts(state);
        return new MimeBundle(new Dictionary<string, object>
        {
            [Progress.MimeType] = new JsonObject { ["title"] = state.Title, ["done"] = state.Done, ["total"] = state.Total, ["text"] = state.Text },
            [Mime.Html] = Html(state, facts),
            [Mime.Text] = Plain(state, facts),
        });
    }

    /// <summary>A time as people say it: <c>0.3 s</c>, <c>12 s</c>, <c>3:05</c>, <c>1:02:03</c>.</summary>
    public static string Time(TimeSpan time) => time switch
    {
        { TotalSeconds: < 9.95 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s"),
        { TotalSeconds: < 59.5 } => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s"),
        { TotalHours: < 1 } => time.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time:mm\\:ss}"),
    };

    private static string Facts(ProgressState state)
    {
        var count = state.Total is { } total ? $"{N(state.Done)}/{N(total)}" : N(state.Done);
        if (state.Ended && state.Done < state.Total)
            count = $"ended at {count}";
        var time = state.Left is { } left ? $"{Time(state.Elapsed)}, {Time(left)} left" : Time(state.Elapsed);
        return string.Join(" · ", ((string[])[count, time, state.Text]).Where(part => part.Length > 0));
    }

    private static string Plain(ProgressState state, string facts)
    {
        var indent = new string(' ', 2 * state.Depth);
        if (state.Fraction is not { } part)
            return $"{indent}{state.Title} {facts}";
        var full = (int)Math.Floor(part * Cells);
        return $"{indent}{state.Title} {new string('█', full)}{new string('░', Cells - full)} {facts}";
    }

    private static string Html(ProgressState state, string facts)
    {
        var color = state.Ended && state.Done < state.Total ? ChartTheme.Color(1) : ChartTheme.Color(0);
        var bar = state.Fraction is not { } part
            ? ""
            : $"<span style=\"display:inline-block;width:220px;height:9px;border-radius:5px;background:{ChartTheme.Grid};overflow:hidden;vertical-align:middle;margin:0 10px\">"
              + $"<span style=\"display:block;width:{SvgCanvas.N(100 * part)}%;height:100%;background:{color}\"></span></span>";
        return $"<div class=\"attn-progress\" role=\"status\" style=\"margin-left:{20 * state.Depth}px;font-family:{Markup.Escape(ChartTheme.Font)};font-size:13px\">"
            + $"<span style=\"font-weight:600\">{Markup.Escape(state.Title)}</span>{bar} <span>{Markup.Escape(facts)}</span></div>";
    }

    private static string N(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
