using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Attn.Host.Session;

/// <summary>Lambdas that become data: whoever reads or translates one must find in it what its author wrote, and nothing else.</summary>
internal static class ExpressionTrees
{
    /// <summary>The anonymous functions of a text, in the order in which they stand: what is put into a cell changes neither.</summary>
    public static IEnumerable<AnonymousFunctionExpressionSyntax> Functions(SyntaxNode root) => root.DescendantNodes().OfType<AnonymousFunctionExpressionSyntax>();

    /// <summary>Which of <see cref="Functions"/> are, or stand in, expression trees.</summary>
    public static IReadOnlySet<int> In(Compilation compilation, SyntaxTree tree)
    {
        var model = compilation.GetSemanticModel(tree);
        return Functions(tree.GetRoot())
            .Select((function, number) => (function, number))
            .Where(each => each.function.AncestorsAndSelf().OfType<LambdaExpressionSyntax>().Any(lambda => IsTree(model.GetTypeInfo(lambda).ConvertedType)))
            .Select(each => each.number)
            .ToHashSet();
    }

    private static bool IsTree(ITypeSymbol? type) => type is INamedTypeSymbol
    {
        Name: "Expression",
        Arity: 1,
        ContainingNamespace: { Name: "Expressions", ContainingNamespace: { Name: "Linq", ContainingNamespace.Name: "System" } },
    };
}
