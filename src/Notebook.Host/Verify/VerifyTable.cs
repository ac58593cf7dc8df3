using Attn.Host.Runner;
using Attn.Notebook;

namespace Attn.Host.Verify;

/// <summary>The table paper × claim × measured × criterion × control × status, for a terminal.</summary>
internal static class VerifyTable
{
    private static readonly string[] Heads = ["", "claim", "measured", "criterion", "control"];
    private static readonly int[] Widths = [1, 30, 34, 14, 34];

    public static void Print(IReadOnlyList<RunReport> reports, Action<string> line)
    {
        foreach (var report in reports)
        {
            line($"{report.Notebook.Name}  ({RunText.Time(report.Elapsed)})");
            Row(Heads, line);
            line(string.Join("  ", Widths.Select(width => new string('─', width))));
            foreach (var claim in report.Claims)
                Claim(claim, line);
            foreach (var failure in report.Failures)
                line(RunText.Failure(failure));
            line("");
        }

        var claims = reports.SelectMany(report => report.Claims).CountBy(claim => claim.Status).ToDictionary();
        line(string.Join(", ", Enum.GetValues<ClaimStatus>().Select(status => status.InWords(claims.GetValueOrDefault(status))))
            + $", {reports.Sum(report => report.Failures.Count)} failed cells");
    }

    private static void Claim(ClaimRecord claim, Action<string> line)
    {
        var mark = claim.Status.Mark();
        var name = $"{claim.Id} {claim.Statement}";
        if (claim.NotRun is { } why)
        {
            Row([mark, name, $"not run: {why}", "", ""], line);
            return;
        }

        // A line a check; controls beside them.
        for (var i = 0; i < Math.Max(claim.Checks.Count, claim.Controls.Count); i++)
        {
            var check = claim.Checks.ElementAtOrDefault(i);
            var control = claim.Controls.ElementAtOrDefault(i);
            Row([
                i == 0 ? mark : "", i == 0 ? name : "",
                check is null ? "" : $"{Failed(check)}{check.Label}: {check.Measured}", check?.Criterion ?? "",
                control is null ? (i == 0 && claim.NoControl is { } reason ? $"none: {reason}" : "") : $"{Failed(control)}{control.Label}: {control.Measured}, must be {control.Criterion}",
            ], line);
        }
    }

    private static string Failed(Measurement measurement) => measurement.Holds ? "" : "✗ ";

    private static void Row(string[] cells, Action<string> line)
    {
        var wrapped = cells.Select((cell, column) => Wrap(cell, Widths[column]).ToArray()).ToArray();
        for (var i = 0; i < wrapped.Max(lines => lines.Length); i++)
            line(string.Join("  ", wrapped.Select((lines, column) => (i < lines.Length ? lines[i] : "").PadRight(Widths[column]))).TrimEnd());
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var current = "";
        foreach (var word in text.Split(' ').SelectMany(word => word.Chunk(width).Select(part => new string(part))))
        {
            if (current.Length > 0 && current.Length + 1 + word.Length > width)
            {
                yield return current;
                current = "";
            }

            current = current.Length == 0 ? word : $"{current} {word}";
        }

        yield return current;
    }
}
