using System.Text.RegularExpressions;

namespace Attn.Host.Session;

/// <summary>Carries out a cell's <c>#r</c>, <c>#i</c> and <c>#!</c> lines.</summary>
internal sealed partial class DirectiveRunner(CSharpSession session, CellCompiler compiler)
{
    /// <returns>Null when the line did what it says, else the error.</returns>
    public Task<CellError?> RunAsync(DirectiveSegment directive, ICellOutput output, CancellationToken cancellation)
    {
        var text = directive.Text;
        if (Reference().Match(text) is { Success: true } reference)
            return Task.FromResult(AddReference(reference.Groups["what"].Value, directive.Line));
        if (text is "#!csharp" or "#!c#" or "#!C#")
            return Task.FromResult<CellError?>(null);
        return Task.FromResult<CellError?>(Error(directive.Line, $"'{text.Split(' ')[0]}' is not a directive; there are #!attn, #r and #i."));
    }

    private CellError? AddReference(string what, int line)
    {
        if (what.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase))
        {
            var name = what["nuget:".Length..].Split(',')[0].Trim();
            if (ReferenceSet.Names.Contains(name))
                return null;
            return Error(line, $"package '{name}' cannot be restored.");
        }

        var path = Path.GetFullPath(what, session.WorkingDirectory);
        if (!File.Exists(path))
            return Error(line, $"#r \"{what}\": no file {path}.");
        compiler.AddReferences([path]);
        return null;
    }

    private static CellError Error(int line, string message) => new("DirectiveError", message, line, [$"line {line}: {message}"]);

    [GeneratedRegex("""^#[ri]\s*"(?<what>[^"]*)"\s*;?\s*$""")]
    private static partial Regex Reference();
}
