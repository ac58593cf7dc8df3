using System.Globalization;
using Microsoft.Data.Analysis;

namespace Attn.Notebook.Formatting;

/// <summary>A data frame as a table, its first rows and columns.</summary>
internal static class DataFrameView
{
    private const int MostRows = 50;
    private const int MostTextRows = 20;
    private const int MostColumns = 30;
    private const int MostCharacters = 500;

    public static MimeBundle Render(object value)
    {
        var frame = (DataFrame)value;
        var columns = frame.Columns.Take(MostColumns).ToList();
        var right = columns.Select(column => column.IsNumericColumn()).ToList();
        var rows = Enumerable.Range(0, (int)Math.Min(frame.Rows.Count, MostRows))
            .Select(r => (IReadOnlyList<string>)[.. columns.Select(column => Cell(column[r]))]).ToList();
        var heads = columns.Select(column =>
            $"{Markup.Escape(column.Name)}<br><span style=\"font-weight:normal;opacity:.7\">{Markup.Escape(column.DataType.Name)}</span>").ToList();
        var html = $"<div class=\"attn-frame\" style=\"overflow-x:auto\">{HtmlTable.Of(heads, rows.Select(row => row.Select(Markup.Escape).ToList()), right)}"
            + $"<div style=\"font-size:85%;opacity:.75\">{Note(frame, rows.Count)}</div></div>";
        var shown = rows.Take(MostTextRows).ToList();
        return MimeBundle.Html(html, $"{HtmlTable.Text([.. columns.Select(column => column.Name)], shown, right)}\n{Note(frame, shown.Count)}");
    }

    private static string Note(DataFrame frame, int shown)
    {
        var rows = string.Create(CultureInfo.InvariantCulture, $"{frame.Rows.Count:N0} rows × {frame.Columns.Count} columns");
        var cut = new List<string>();
        if (shown < frame.Rows.Count)
            cut.Add($"the first {shown} rows");
        if (frame.Columns.Count > MostColumns)
            cut.Add($"the first {MostColumns} columns");
        return cut.Count == 0 ? rows : $"{rows}; shown: {string.Join(" and ", cut)}";
    }

    private static string Cell(object? value) => value switch
    {
        null => "null",
        float or double => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("G6", CultureInfo.InvariantCulture),
        _ => PlainText.Cut(PlainText.Of(value) ?? PlainText.Safe(value, MostCharacters), MostCharacters),
    };
}
