using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Attn.Host.Session;

/// <summary>Compiles a cell as a continuation of the cells before it.</summary>
internal sealed class CellCompiler
{
    private static readonly CSharpParseOptions Parse = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest);

    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        allowUnsafe: true,
        // Without a base of its own: the compiler would make paths of the names of cells.
        sourceReferenceResolver: new SourceFileResolver([], baseDirectory: null),
        assemblyIdentityComparer: DesktopAssemblyIdentityComparer.Default);

    private static readonly EmitOptions Emitted = new(debugInformationFormat: DebugInformationFormat.PortablePdb);
    private static int _made;

    private readonly Lazy<HashSet<string>> _names = new(() => new(ReferenceSet.Names, StringComparer.OrdinalIgnoreCase));

    // One array for all cells: as many cells as it likes to a session, the list is there once.
    private ImmutableArray<MetadataReference> _references;

    /// <summary>What a cell may refer to now.</summary>
    public ImmutableArray<MetadataReference> References => _references.IsDefault ? _references = [.. ReferenceSet.Default] : _references;

    /// <summary>Lets later cells refer to these files; of assemblies of one name, the first stays, since a process can hold one of each.</summary>
    public void AddReferences(IEnumerable<string> paths)
    {
        var added = paths.Where(path => _names.Value.Add(Path.GetFileNameWithoutExtension(path))).ToArray();
        _references = References.AddRange(added.Select(path => MetadataReference.CreateFromFile(path)));
        AddedAssemblies.Add(added);
    }

    /// <summary>Compiles a cell; its diagnostics include errors when it does not compile.</summary>
    /// <param name="code">The cell, or the part of one between directives.</param>
    /// <param name="file">The name under which stack frames show the cell.</param>
    /// <param name="before">The cell that it continues; null for a session's first.</param>
    /// <param name="cancellation">Ends the compilation with an <see cref="OperationCanceledException"/>.</param>
    public CompiledCell Compile(string code, string file, CompiledCell? before, CancellationToken cancellation)
    {
        var texts = Instrumentation.Of(code).ToArray();
        var compilation = Create(texts[0], file, before);
        if (Instrumentation.IsInExpressions(texts[0]) && ExpressionTrees.In(compilation, compilation.SyntaxTrees[^1]) is { Count: > 0 } trees)
        {
            texts = [.. Instrumentation.Of(code, trees)];
            compilation = Create(texts[0], file, before);
        }

        var cell = Emit(compilation, code, before, cancellation);
        foreach (var text in texts.Skip(1).TakeWhile(_ => !cell.IsValid))
            cell = Emit(Create(text, file, before), code, before, cancellation);
        return cell;
    }

    private CSharpCompilation Create(string text, string file, CompiledCell? before)
    {
        var number = Interlocked.Increment(ref _made);
        // A cell inherits its usings from those before it.
        var options = Options.WithScriptClassName($"Submission#{number}").WithUsings(before is null ? CellUsings.All : []);
        var tree = CSharpSyntaxTree.ParseText(text, Parse, file, Encoding.UTF8);
        return CSharpCompilation.CreateScriptCompilation($"attn-cell-{number}", tree, References, options, before?.Compilation, typeof(object));
    }

    private static CompiledCell Emit(CSharpCompilation compilation, string written, CompiledCell? before, CancellationToken cancellation)
    {
        var (image, symbols) = (new MemoryStream(), new MemoryStream());
        var result = compilation.Emit(image, symbols, options: Emitted, cancellationToken: cancellation);
        return new CompiledCell(compilation, written, before, result, image, symbols);
    }
}
