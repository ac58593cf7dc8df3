using System.Text.RegularExpressions;
using Attn.Host.Packages;
using Attn.Notebook;

namespace Attn.Host.Session;

/// <summary>Carries out a cell's <c>#r</c>, <c>#i</c> and <c>#!</c> lines.</summary>
internal sealed partial class DirectiveRunner(CSharpSession session, CellCompiler compiler)
{
    private const string Package = "nuget:";
    private readonly SessionPackages _packages = new();

    /// <returns>Null when the line did what it says, else the error.</returns>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public async Task<CellError?> RunAsync(DirectiveSegment directive, ICellOutput output, CancellationToken cancellation)
    {
        var text = directive.Text;
        if (text is "#!csharp" or "#!c#" or "#!C#")
            return null;
        if (text.Split((char[]?)null, 2)[0] == AttnCommand.Name)
            return await session.RunAttnAsync(directive, cancellation);
        if (text.StartsWith("#!", StringComparison.Ordinal))
            return Error(directive.Line, $"'{text.Split(' ')[0]}' is not a directive; there are #!attn, #r and #i.");
        if (Quoted().Match(text) is not { Success: true } match)
            return Error(directive.Line, $"'{text}' is not understood; write #r \"nuget: Id, version\", #r \"file.dll\" or #i \"nuget: source\".");

        var what = match.Groups["what"].Value.Trim();
        try
        {
            return match.Groups["verb"].Value == "i" ? AddSource(what, directive.Line) : await AddReferenceAsync(what, directive.Line, output, cancellation);
        }
        catch (PackageException e)
        {
            return Error(directive.Line, e.Message);
        }
    }

    private CellError? AddSource(string what, int line)
    {
        if (!IsPackage(what))
            return Error(line, $"#i \"{what}\" is not a package source; write #i \"nuget: https://…\" or #i \"nuget: folder\".");
        _packages.AddSource(what[Package.Length..].Trim(), session.WorkingDirectory);
        return null;
    }

    private async Task<CellError?> AddReferenceAsync(string what, int line, ICellOutput output, CancellationToken cancellation)
    {
        if (IsPackage(what))
        {
            var assemblies = await _packages.AddAsync(
                what[Package.Length..], session.WorkingDirectory, note => output.Stream(OutputStream.Out, note + "\n"), cancellation);
            compiler.AddReferences(assemblies);
            return null;
        }

        var path = Path.GetFullPath(what, session.WorkingDirectory);
        if (!File.Exists(path))
            return Error(line, $"#r \"{what}\": no file {path}.");
        compiler.AddReferences([path]);
        return null;
    }

    private static bool IsPackage(string what) => what.StartsWith(Package, StringComparison.OrdinalIgnoreCase);

    private static CellError Error(int line, string message) => new("DirectiveError", message, line, [$"line {line}: {message}"]);

    [GeneratedRegex("""^#(?<verb>[ri])\s*"(?<what>[^"]*)"\s*;?\s*(//.*)?$""")]
    private static partial Regex Quoted();
}
