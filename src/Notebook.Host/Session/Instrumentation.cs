using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Attn.Host.Session;

/// <summary>Puts <see cref="CellChecks"/> and <see cref="CellBackward"/> into a cell's text, without moving anything to another line.</summary>
internal static class Instrumentation
{
    private const string Check = "global::Attn.Host.Session.CellChecks.Check();";
    private const string Then = "global::Attn.Host.Session.CellChecks.Then(";
    private const string Net = "global::Attn.Host.Session.CellBackward.";

    private static readonly CSharpParseOptions Parse = CSharpParseOptions.Default.WithKind(SourceCodeKind.Script).WithLanguageVersion(LanguageVersion.Latest);

    /// <summary>
    /// The texts to compile, of which the first that compiles is the one: what is put into an expression may give it a type that its
    /// place does not want. The last is the cell as it was written.
    /// </summary>
    /// <param name="code">The cell.</param>
    /// <param name="untouched">Which of its <see cref="ExpressionTrees.Functions"/> stay as they are; null where none need.</param>
    public static IEnumerable<string> Of(string code, IReadOnlySet<int>? untouched = null)
    {
        var root = CSharpSyntaxTree.ParseText(code, Parse).GetRoot();
        if (!root.ContainsDiagnostics)
        {
            var statements = root.DescendantNodes().SelectMany(Edits).ToArray();
            var expressions = ExpressionTrees.Functions(root).Where((_, number) => untouched?.Contains(number) is not true).SelectMany(ExpressionEdits).ToArray();
            if (expressions.Length > 0)
                yield return Apply(code, [.. statements, .. expressions]);
            if (statements.Length > 0)
                yield return Apply(code, statements);
        }

        yield return code;
    }

    private static string Apply(string code, Edit[] edits)
    {
        var text = new StringBuilder(code.Length + (edits.Length * Check.Length));
        var from = 0;
        foreach (var (at, removed, inserted) in edits.OrderBy(edit => edit.At))
        {
            text.Append(code, from, at - from).Append(inserted);
            from = at + removed;
        }

        return text.Append(code, from, code.Length - from).ToString();
    }

    /// <summary>Whether a text has checks in expressions, where they can be seen if the expression becomes a tree.</summary>
    public static bool IsInExpressions(string text) => text.Contains(Then, StringComparison.Ordinal);

    /// <summary>Lambdas that are one expression, such as those of LINQ.</summary>
    private static IEnumerable<Edit> ExpressionEdits(SyntaxNode node) =>
        node is LambdaExpressionSyntax { ExpressionBody: { } body, Parent: ArgumentSyntax } lambda && !IsParallelBody(lambda, body) && IsValue(body)
            ? [new(body.SpanStart, 0, Then), new(body.Span.End, 0, ")")]
            : [];

    private static bool IsValue(ExpressionSyntax body) => body is not (ThrowExpressionSyntax or AssignmentExpressionSyntax or AnonymousFunctionExpressionSyntax
        or RefExpressionSyntax or CollectionExpressionSyntax or ImplicitObjectCreationExpressionSyntax or LiteralExpressionSyntax);

    private static IEnumerable<Edit> Edits(SyntaxNode node) => node switch
    {
        StatementSyntax loop when Body(loop) is { } body => In(body),
        LocalFunctionStatementSyntax function when Calls(function, function.Identifier) => AtStart(function.Body, function.ExpressionBody, function.SemicolonToken, function.ReturnType),
        MethodDeclarationSyntax method when Calls(method, method.Identifier) && !IsFunction(method) =>
            AtStart(method.Body, method.ExpressionBody, method.SemicolonToken, method.ReturnType),
        AnonymousFunctionExpressionSyntax { Block: { } block } => In(block),
        LambdaExpressionSyntax { ExpressionBody: { } expression } lambda when IsParallelBody(lambda, expression) =>
            [new(expression.SpanStart, 0, "{" + Check), new(expression.Span.End, 0, ";}")],
        MethodDeclarationSyntax { Identifier.Text: "forward" or "backward", ParameterList.Parameters: [var context, var tensors] } method when IsFunction(method) =>
            In(method, context.Identifier.Text, tensors.Identifier.Text),
        ExpressionStatementSyntax
        {
            SemicolonToken.IsMissing: false,
            Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "backward" } },
        } call => [new(call.SpanStart, 0, "{"), new(call.Span.End, 0, Net + "Rethrow();}")],
        _ => [],
    };

    // A recursion may run for as long as a loop.
    private static bool Calls(SyntaxNode function, SyntaxToken name) => function.DescendantNodes().Any(node =>
        node is InvocationExpressionSyntax { Expression: IdentifierNameSyntax called } && called.Identifier.Text == name.Text);

    private static IEnumerable<Edit> AtStart(BlockSyntax? block, ArrowExpressionClauseSyntax? arrow, SyntaxToken end, TypeSyntax type) => (block, arrow) switch
    {
        ({ }, _) => In(block),
        (_, { Expression: not (ThrowExpressionSyntax or RefExpressionSyntax) }) when type is not RefTypeSyntax =>
        [
            new(arrow.ArrowToken.SpanStart, arrow.ArrowToken.Span.Length, "{" + Check + (IsVoid(type) ? "" : "return ")),
            new(end.Span.End, 0, "}"),
        ],
        _ => [],
    };

    private static bool IsVoid(TypeSyntax type) => type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };

    private static IEnumerable<Edit> In(StatementSyntax body) =>
        body is BlockSyntax block ? [new(block.OpenBraceToken.Span.End, 0, Check)] : [new(body.SpanStart, 0, "{" + Check), new(body.Span.End, 0, "}")];

    private static IEnumerable<Edit> In(MethodDeclarationSyntax method, string context, string tensors)
    {
        var (before, after) = method.Identifier.Text == "forward"
            ? ($"{Net}Forward({context}, {tensors});", "")
            : ($" try {{ {Net}Enter();", $"}} catch (global::System.Exception attnFailure) {{ return {Net}Failed({context}, attnFailure); }} finally {{ {Net}Leave(); }} ");
        return method switch
        {
            { Body: { } block } => [new(block.OpenBraceToken.Span.End, 0, before), new(block.CloseBraceToken.SpanStart, 0, after)],
            { ExpressionBody: { } arrow } => [new(arrow.ArrowToken.SpanStart, arrow.ArrowToken.Span.Length, $"{{{before}{(arrow.Expression is ThrowExpressionSyntax ? "" : "return ")}"), new(method.SemicolonToken.Span.End, 0, after + "}")],
            _ => [],
        };
    }

    private static StatementSyntax? Body(StatementSyntax loop) => loop switch
    {
        ForStatementSyntax statement => statement.Statement,
        CommonForEachStatementSyntax statement => statement.Statement,
        WhileStatementSyntax statement => statement.Statement,
        DoStatementSyntax statement => statement.Statement,
        _ => null,
    };

    // Only there is it certain that the value of the expression is not wanted.
    private static bool IsParallelBody(LambdaExpressionSyntax lambda, ExpressionSyntax body) =>
        body is InvocationExpressionSyntax or AssignmentExpressionSyntax or PostfixUnaryExpressionSyntax or AwaitExpressionSyntax
        && lambda.ParameterCount() <= 2
        && lambda.Parent?.Parent?.Parent is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "Parallel" } } };

    private static int ParameterCount(this LambdaExpressionSyntax lambda) => lambda is ParenthesizedLambdaExpressionSyntax several ? several.ParameterList.Parameters.Count : 1;

    private static bool IsFunction(MethodDeclarationSyntax method) => method.Modifiers.Any(SyntaxKind.OverrideKeyword)
        && method.Parent is TypeDeclarationSyntax type && type.Members.Any(member => member is MethodDeclarationSyntax { Identifier.Text: "backward" });

    private sealed record Edit(int At, int Removed, string Inserted);
}
