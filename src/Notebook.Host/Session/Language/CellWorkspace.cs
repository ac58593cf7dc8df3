using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Host.Mef;
using Microsoft.CodeAnalysis.Text;

namespace Attn.Host.Session.Language;

/// <summary>
/// The session as Roslyn's language services see it: one project a cell, each continuing the one before. Brought up to date when something
/// is asked, since most cells are never followed by a question.
/// </summary>
internal sealed class CellWorkspace
{
    private static readonly CSharpParseOptions Parse =
        CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest).WithDocumentationMode(DocumentationMode.Parse);

    private readonly Lazy<Workspace> _workspace = new(() => new AdhocWorkspace(MefHostServices.DefaultHost));
    private Solution? _solution;
    private ProjectId? _last;
    private CompiledCell? _seen;
    private int _projects;

    /// <summary>A document that continues the session.</summary>
    /// <param name="code">Its text; directive lines are left out of account.</param>
    /// <param name="session">The last cell that the session keeps; null before the first.</param>
    /// <param name="references">What the document may refer to.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<Document> OpenAsync(string code, CompiledCell? session, IReadOnlyList<MetadataReference> references, CancellationToken cancellation)
    {
        var solution = _solution ??= _workspace.Value.CurrentSolution;
        foreach (var cell in Unseen(session))
            solution = Add(solution, cell.Written, references, ref _last);
        (_solution, _seen) = (solution, session);
        // Bound once here, shared by every later question: what is bound in a fork is lost with it.
        if (_last is not null)
            await solution.GetProject(_last)!.GetCompilationAsync(cancellation);

        var current = _last;
        var project = Add(solution, Blanked(code), references, ref current).GetProject(current!)!;
        return project.Documents.Single();
    }

    private Solution Add(Solution solution, string code, IReadOnlyList<MetadataReference> references, ref ProjectId? last)
    {
        var id = ProjectId.CreateNewId();
        var name = $"cells-{_projects++}";
        var options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)
            .WithUsings(last is null ? CellUsings.All : []);
        var info = ProjectInfo.Create(
            id, VersionStamp.Default, name, name, LanguageNames.CSharp, compilationOptions: options, parseOptions: Parse,
            projectReferences: last is null ? [] : [new ProjectReference(last)], metadataReferences: references, isSubmission: true);
        last = id;
        var document = DocumentInfo.Create(
            DocumentId.CreateNewId(id), "cell", sourceCodeKind: SourceCodeKind.Script, loader: TextLoader.From(TextAndVersion.Create(SourceText.From(code), VersionStamp.Default)));
        return solution.AddProject(info.WithDocuments([document]));
    }

    /// <summary>The cells since the last question that declare something: the others tell a later cell nothing.</summary>
    private Stack<CompiledCell> Unseen(CompiledCell? session)
    {
        var unseen = new Stack<CompiledCell>();
        for (var cell = session; cell is not null && cell != _seen; cell = cell.Before)
            if (cell.Declares)
                unseen.Push(cell);
        return unseen;
    }

    private static string Blanked(string code) => string.Join('\n', code.Split('\n').Select(line => CellSegments.IsDirective(line) ? new string(' ', line.Length) : line));
}
