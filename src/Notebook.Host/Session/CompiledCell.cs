using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Emit;

namespace Attn.Host.Session;

/// <summary>A cell as a continuation of those before it, compiled, and loaded when it is asked for what it holds.</summary>
internal sealed class CompiledCell
{
    private readonly CompilationUnitSyntax _root;
    private readonly Lazy<Assembly?> _assembly;

    /// <param name="compilation">The cell as Roslyn's submission.</param>
    /// <param name="written">The cell as its author wrote it.</param>
    /// <param name="before">The cell that it continues.</param>
    /// <param name="result">What came of the compilation.</param>
    /// <param name="image">The assembly.</param>
    /// <param name="symbols">Its debug information, by which stack frames name the cell's lines.</param>
    public CompiledCell(CSharpCompilation compilation, string written, CompiledCell? before, EmitResult result, MemoryStream image, MemoryStream symbols)
    {
        (Compilation, Written, Before, Diagnostics) = (compilation, written, before, result.Diagnostics);
        // A '#load' brings a tree of its own.
        var roots = compilation.SyntaxTrees.Select(tree => tree.GetCompilationUnitRoot()).ToArray();
        (_root, Declares, HasState) = (roots[^1], roots.Any(Declarations.In), roots.Any(root => root.Members.Count > 0));
        _assembly = new(() => HasState ? Load(image, symbols) : null);
    }

    public CSharpCompilation Compilation { get; }

    public string Written { get; }

    public CompiledCell? Before { get; }

    public bool IsValid => !Diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    public ImmutableArray<Diagnostic> Diagnostics { get; }

    /// <summary>Null of a cell that has no statement, such as one of usings: the compiler makes nothing of it.</summary>
    public Assembly? Assembly => _assembly.Value;

    /// <summary>Whether a later cell can tell that this one was there, other than by what it did.</summary>
    public bool Declares { get; }

    /// <summary>Whether running the cell makes an object, which holds its variables.</summary>
    public bool HasState { get; }

    /// <summary>Whether the cell ends in an expression without a semicolon, which asks to be shown: 'x = 3;' has a value too.</summary>
    public bool EndsInValue => LastExpression() is { } expression
        && Compilation.GetSemanticModel(expression.SyntaxTree).GetTypeInfo(expression) is var info
        && (info.Type ?? info.ConvertedType) is not { SpecialType: SpecialType.System_Void };

    /// <summary>Runs the cell.</summary>
    /// <param name="states">What holds the variables of the cells before it; the cell puts its own into the last place, if it has any.</param>
    public Task<object?> RunAsync(object?[] states)
    {
        if (Assembly is null)
            return Task.FromResult<object?>(null);
        var entry = Compilation.GetEntryPoint(CancellationToken.None)!;
        return Assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!
            .GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object?>>>()(states);
    }

    /// <summary>Static fields of the types that the cell declares.</summary>
    public IEnumerable<FieldInfo> Statics() => !Declares || Assembly is null ? [] : Assembly.GetTypes()
        .Where(type => !type.ContainsGenericParameters && !type.IsDefined(typeof(CompilerGeneratedAttribute)))
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(field => !field.IsLiteral);

    /// <summary>
    /// Loads the cell: for good if later ones may refer to it, else into a context of its own, which the runtime lets go when nothing of the
    /// cell is left. A day of small cells would fill the memory with them.
    /// </summary>
    private Assembly Load(MemoryStream image, MemoryStream symbols)
    {
        image.Position = symbols.Position = 0;
        var context = Declares ? AssemblyLoadContext.Default : new AssemblyLoadContext(name: null, isCollectible: true);
        return context.LoadFromStream(image, symbols);
    }

    private ExpressionSyntax? LastExpression() => _root.Members.LastOrDefault() is GlobalStatementSyntax
    {
        Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement,
    }
        ? statement.Expression
        : null;
}
