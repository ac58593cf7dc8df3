namespace Attn.Host.Session;

/// <summary>A stretch of a cell: C#, or one directive line.</summary>
/// <param name="Text">The C#, preceded by as many empty lines as there are lines before it, so that errors name the cell's own lines; or the directive.</param>
/// <param name="Line">The line of the cell on which it begins, from 1.</param>
internal abstract record CellSegment(string Text, int Line);

internal sealed record CodeSegment(string Text, int Line) : CellSegment(Text, Line);

/// <summary>A line that begins with <c>#r</c>, <c>#i</c> or <c>#!</c>.</summary>
internal sealed record DirectiveSegment(string Text, int Line) : CellSegment(Text, Line);

/// <summary>Splits a cell at its directives.</summary>
internal static class CellSegments
{
    public static IEnumerable<CellSegment> Split(string code)
    {
        var lines = code.ReplaceLineEndings("\n").Split('\n');
        var from = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            if (!IsDirective(lines[i]))
                continue;
            if (Code(lines, from, i) is { } before)
                yield return before;
            yield return new DirectiveSegment(lines[i].Trim(), i + 1);
            from = i + 1;
        }

        if (Code(lines, from, lines.Length) is { } rest)
            yield return rest;
    }

    /// <summary>Whether a line is a directive of the session, which the compiler must not see.</summary>
    public static bool IsDirective(string line)
    {
        var text = line.TrimStart();
        return text.StartsWith("#!", StringComparison.Ordinal) || Names(text, "#r") || Names(text, "#i");
    }

    // '#region' and '#if' begin alike.
    private static bool Names(string text, string directive) =>
        text.StartsWith(directive, StringComparison.Ordinal) && text.Length > 2 && (char.IsWhiteSpace(text[2]) || text[2] == '"');

    private static CodeSegment? Code(string[] lines, int from, int to) => lines[from..to].All(string.IsNullOrWhiteSpace)
        ? null
        : new CodeSegment(new string('\n', from) + string.Join('\n', lines[from..to]), from + 1);
}
