using System.Globalization;
using Attn.Notebook;

namespace Attn.Host.Runner;

/// <summary>What a run says in words, on a terminal and in a pipe alike.</summary>
internal static class RunText
{
    public static string Time(TimeSpan time) => time.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s")
        : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);

    public static string Claim(ClaimRecord claim) => $"  {claim.Status.Mark()} {claim.Id} {claim.Status.InWords()}: {claim.Statement}";

    /// <summary>A failed cell: its number, the message, the source line.</summary>
    public static string Failure(CellFailure failure)
    {
        var at = failure.Error.Line is { } line ? $", line {line}" : "";
        var head = $"  ✗ cell {failure.Number}{at}: {failure.Error.Name}: {failure.Error.Message}";
        return string.Join('\n', failure.Error.Traceback.Select(text => "      " + text).Prepend(head));
    }

    /// <summary>A cell that ends the program, and so the run.</summary>
    public static string ProgramEnds(int number, int exitCode) => $"  ✗ cell {number} ended the program with exit code {exitCode}; nothing was written of this notebook.";

    /// <summary>The end of a run: one line of counts, then the files.</summary>
    public static string Summary(RunReport report, IEnumerable<string> files)
    {
        var claims = report.Claims.CountBy(claim => claim.Status).OrderBy(pair => pair.Key).Select(pair => pair.Key.InWords(pair.Value));
        var parts = new List<string> { RunText.Time(report.Elapsed) };
        if (report.Claims.Count > 0)
            parts.Add($"{Count(report.Claims.Count, "claim")}: {string.Join(", ", claims)}");
        if (report.Failures.Count > 0)
            parts.Add(Count(report.Failures.Count, "failed cell"));
        return $"{report.Notebook.Name}: {string.Join("; ", parts)}\n{string.Join('\n', files.Select(file => "  → " + file))}";
    }

    private static string Count(int number, string thing) => $"{number} {thing}{(number == 1 ? "" : "s")}";
}
