using Microsoft.CodeAnalysis;

namespace Attn.Host.Session;

/// <summary>The compiler's errors as a person wants to read them: the line, a caret, the message.</summary>
internal static class CompilationErrors
{
    private const int Shown = 5;

    public static CellError Of(IEnumerable<Diagnostic> diagnostics, string code)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToArray();
        var lines = code.Split('\n');
        List<string> traceback = [];
        foreach (var error in errors.Take(Shown))
            traceback.AddRange(Describe(error, lines, says: error != errors[0])); // The first one's message is the error's own.
        if (errors.Length > Shown)
            traceback.Add($"… and {errors.Length - Shown} more errors");
        return new CellError("CompilationError", $"{errors[0].Id}: {errors[0].GetMessage()}", Line(errors[0]), traceback);
    }

    private static int? Line(Diagnostic error) => error.Location.IsInSource ? error.Location.GetLineSpan().StartLinePosition.Line + 1 : null;

    private static IEnumerable<string> Describe(Diagnostic error, string[] lines, bool says)
    {
        if (Line(error) is not { } line || line > lines.Length)
        {
            if (says)
                yield return $"{error.Id}: {error.GetMessage()}";
            yield break;
        }

        var span = error.Location.GetLineSpan().Span;
        var source = lines[line - 1].TrimEnd();
        var start = Math.Min(span.Start.Character, source.Length);
        var end = span.End.Line == span.Start.Line ? Math.Clamp(span.End.Character, start + 1, Math.Max(source.Length, start + 1)) : Math.Max(source.Length, start + 1);
        // Tabs stay tabs under tabs, so that the caret stands where the error is.
        var lead = new string([.. source[..start].Select(c => c == '\t' ? '\t' : ' ')]);
        yield return says ? $"line {line}: {error.Id}: {error.GetMessage()}" : $"line {line}:";
        yield return $"    {source}";
        yield return $"    {lead}{new string('^', end - start)}";
    }
}
