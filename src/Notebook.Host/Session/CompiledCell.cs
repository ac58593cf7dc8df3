using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace Attn.Host.Session;

/// <summary>What a session needs to know of a compiled cell beyond running it.</summary>
internal sealed class CompiledCell(Script<object> script)
{
    private readonly SyntaxTree _tree = script.GetCompilation().SyntaxTrees.Last();

    public Script<object> Script => script;

    /// <summary>The assembly of the cell; null when the compiler has not loaded it.</summary>
    public Assembly? Assembly { get; } = AppDomain.CurrentDomain.GetAssemblies()
        .LastOrDefault(assembly => assembly.GetName().Name == script.GetCompilation().AssemblyName);

    /// <summary>Whether the cell ends in an expression without a semicolon, which asks to be shown: 'x = 3;' has a value too.</summary>
    public bool EndsInValue => LastExpression() is { } expression
        && script.GetCompilation().GetSemanticModel(_tree).GetTypeInfo(expression) is var info
        && (info.Type ?? info.ConvertedType) is not { SpecialType: SpecialType.System_Void };

    /// <summary>Static fields of the types that the cell declares.</summary>
    public IEnumerable<FieldInfo> Statics() => (Assembly?.GetTypes() ?? [])
        .Where(type => !type.ContainsGenericParameters && !type.IsDefined(typeof(CompilerGeneratedAttribute)))
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        .Where(field => !field.IsLiteral);

    private ExpressionSyntax? LastExpression() =>
        ((CompilationUnitSyntax)_tree.GetRoot()).Members.LastOrDefault() is GlobalStatementSyntax
        {
            Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true } statement,
        }
            ? statement.Expression
            : null;
}
