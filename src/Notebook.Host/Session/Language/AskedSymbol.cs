using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Attn.Host.Session.Language;

/// <summary>Which symbol a person asks about who points into a cell.</summary>
internal static class AskedSymbol
{
    /// <summary>The symbols of the name at the cursor, or of what is being called there: the one that is meant first, then its overloads.</summary>
    public static IReadOnlyList<ISymbol> At(SyntaxNode root, SemanticModel model, int cursor)
    {
        foreach (var node in Candidates(root, cursor))
        {
            var symbols = Of(node, model);
            if (symbols.Count > 0)
                return symbols;
        }

        return [];
    }

    /// <summary>The name under the cursor, the one that ends there, and the callers of the argument lists around, from within.</summary>
    private static IEnumerable<SyntaxNode> Candidates(SyntaxNode root, int cursor)
    {
        foreach (var position in (int[])[cursor, cursor - 1])
            if (position >= 0 && position < root.FullSpan.End && root.FindToken(position) is var token && token.Span.Contains(position) && IsName(token))
                yield return token.Parent!;

        var around = root.FindToken(Math.Clamp(cursor - 1, 0, Math.Max(0, root.FullSpan.End - 1))).Parent;
        foreach (var node in around?.AncestorsAndSelf() ?? [])
            if (node is InvocationExpressionSyntax invocation)
                yield return invocation.Expression is MemberAccessExpressionSyntax member ? member.Name : invocation.Expression;
            else if (node is BaseObjectCreationExpressionSyntax or ElementAccessExpressionSyntax or AttributeSyntax)
                yield return node;
    }

    private static bool IsName(SyntaxToken token) => token.IsKind(SyntaxKind.IdentifierToken) || token.Parent is PredefinedTypeSyntax or ThisExpressionSyntax or BaseExpressionSyntax;

    private static List<ISymbol> Of(SyntaxNode node, SemanticModel model)
    {
        // 'new List<int>(' asks for a constructor, not for the type alone.
        if (node.FirstAncestorOrSelf<ObjectCreationExpressionSyntax>() is { } creation && creation.Type.Span.Contains(node.Span))
            node = creation;
        var info = model.GetSymbolInfo(node);
        var meant = model.GetDeclaredSymbol(node) ?? info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
        var all = new List<ISymbol>();
        if (meant is not null)
            all.Add(meant);
        all.AddRange(model.GetMemberGroup(node));
        all.AddRange(info.CandidateSymbols);
        return [.. all.Distinct<ISymbol>(SymbolEqualityComparer.Default)];
    }
}
