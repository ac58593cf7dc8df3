using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;

namespace Attn.Host.Session;

/// <summary>Compiles a cell as a continuation of the cells before it.</summary>
internal sealed class CellCompiler
{
    private static readonly ScriptOptions Options = ScriptOptions.Default
        .WithReferences(Array.Empty<MetadataReference>())
        .WithImports(Array.Empty<string>())
        .WithOptimizationLevel(OptimizationLevel.Release)
        .WithEmitDebugInformation(true)
        .WithLanguageVersion(LanguageVersion.Latest)
        .WithFileEncoding(System.Text.Encoding.UTF8);

    private readonly HashSet<string> _names = new(ReferenceSet.Names, StringComparer.OrdinalIgnoreCase);
    private readonly List<MetadataReference> _added = [];
    private readonly ConditionalWeakTable<Script, string> _written = [];

    /// <summary>What a cell may refer to now.</summary>
    public IReadOnlyList<MetadataReference> References => [.. ReferenceSet.Default, .. _added];

    /// <summary>Lets later cells refer to these files; of assemblies of one name, the first stays, since a process can hold one of each.</summary>
    public void AddReferences(IEnumerable<string> paths) =>
        _added.AddRange(paths.Where(path => _names.Add(Path.GetFileNameWithoutExtension(path))).Select(path => MetadataReference.CreateFromFile(path)));

    /// <summary>Compiles a cell; its diagnostics include errors when it does not compile.</summary>
    /// <param name="code">The cell, or the part of one between directives.</param>
    /// <param name="file">The name under which stack frames show the cell.</param>
    /// <param name="before">The state that the cell continues; null for a session's first.</param>
    /// <param name="cancellation">Ends the compilation with an <see cref="OperationCanceledException"/>.</param>
    public (Script<object> Script, ImmutableArray<Diagnostic> Diagnostics) Compile(string code, string file, ScriptState<object>? before, CancellationToken cancellation)
    {
        var texts = Instrumentation.Of(code).ToArray();
        var compiled = Create(texts[0], file, before, cancellation);
        foreach (var text in texts.Skip(1).TakeWhile(_ => compiled.Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)))
            compiled = Create(text, file, before, cancellation);
        _written.Add(compiled.Script, code);
        return compiled;
    }

    /// <summary>The text of a script as its author wrote it.</summary>
    public string Written(Script script) => _written.TryGetValue(script, out var code) ? code : script.Code;

    private (Script<object> Script, ImmutableArray<Diagnostic> Diagnostics) Create(string code, string file, ScriptState<object>? before, CancellationToken cancellation)
    {
        var options = Options.WithFilePath(file);
        var script = before is null
            ? CSharpScript.Create<object>(code, options.WithReferences(References).WithImports(CellUsings.Default.Concat(CellUsings.DefaultStatic)))
            // A cell inherits these from those before it; to say them again in each would cost memory by the square of their number.
            : before.Script.ContinueWith<object>(code, options.WithReferences(_added.Except(before.Script.GetCompilation().References)));
        return (script, script.Compile(cancellation));
    }
}
