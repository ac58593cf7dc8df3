namespace Attn.Host.Doctor;

/// <summary>Prints the findings as one page of plain text.</summary>
internal static class DoctorPage
{
    private const int Indent = 14;

    /// <summary>Prints each finding as it is made; returns 1 when something needed does not work, else 0.</summary>
    public static int Print(IEnumerable<Finding> findings, TextWriter output)
    {
        var broken = false;
        foreach (var finding in findings)
        {
            broken |= finding.State == FindingState.Broken;
            output.WriteLine($"{Mark(finding.State)} {finding.Subject,-Indent + 2}{Indented(finding.Detail)}");
            if (finding.Advice is { } advice)
                output.WriteLine($"{new string(' ', Indent)}→ {Indented(advice)}");
        }

        output.WriteLine(broken ? "\nSomething that Attn needs does not work." : "\nReady.");
        return broken ? 1 : 0;
    }

    private static string Mark(FindingState state) => state switch
    {
        FindingState.Good => "✓",
        FindingState.Absent => "–",
        _ => "✗",
    };

    private static string Indented(string text) => text.Replace("\n", "\n" + new string(' ', Indent), StringComparison.Ordinal);
}
