using System.Text;
using Attn.Host.Session;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Attn.Host.Pages;

/// <summary>C# with its tokens marked for colour; directives too.</summary>
internal static class CodeHtml
{
    private static readonly CSharpParseOptions Script = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script);

    public static string Render(string code)
    {
        var html = new StringBuilder();
        foreach (var segment in CellSegments.Split(code))
            if (segment is DirectiveSegment)
                Mark(html.Append(html.Length > 0 ? "\n" : ""), "d", segment.Text);
            else
                Code(html.Append(html.Length > 0 ? "\n" : ""), segment.Text[(segment.Line - 1)..]);
        return html.ToString().TrimEnd();
    }

    private static void Code(StringBuilder html, string code)
    {
        foreach (var token in CSharpSyntaxTree.ParseText(code, Script).GetRoot().DescendantTokens())
        {
            Trivia(html, token.LeadingTrivia);
            Mark(html, Class(token), token.Text);
            Trivia(html, token.TrailingTrivia);
        }
    }

    private static void Trivia(StringBuilder html, SyntaxTriviaList trivia)
    {
        foreach (var piece in trivia)
            Mark(html, piece.IsKind(SyntaxKind.SingleLineCommentTrivia) || piece.IsKind(SyntaxKind.MultiLineCommentTrivia) ? "c" : null, piece.ToFullString());
    }

    private static string? Class(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "n",
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringStartToken
            or SyntaxKind.InterpolatedStringEndToken or SyntaxKind.InterpolatedVerbatimStringStartToken or SyntaxKind.SingleLineRawStringLiteralToken
            or SyntaxKind.MultiLineRawStringLiteralToken => "s",
        SyntaxKind.IdentifierToken => Identifier(token),
        var kind when SyntaxFacts.IsKeywordKind(kind) || SyntaxFacts.IsContextualKeyword(kind) => "k",
        _ => null,
    };

    private static string? Identifier(SyntaxToken token) => token.Parent switch
    {
        IdentifierNameSyntax { Identifier.Text: "var" or "await" } => "k",
        SimpleNameSyntax { Parent: InvocationExpressionSyntax } => "m",
        SimpleNameSyntax { Parent: MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax } access } name when access.Name == name => "m",
        LocalFunctionStatementSyntax or MethodDeclarationSyntax => "m",
        TypeDeclarationSyntax or GenericNameSyntax or SimpleNameSyntax { Parent: ObjectCreationExpressionSyntax or VariableDeclarationSyntax } => "t",
        _ => null,
    };

    private static void Mark(StringBuilder html, string? kind, string text)
    {
        var escaped = System.Net.WebUtility.HtmlEncode(text);
        html.Append(kind is null || text.Length == 0 ? escaped : $"<span class=\"{kind}\">{escaped}</span>");
    }
}
