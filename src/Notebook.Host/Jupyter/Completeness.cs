using System.Text.Json.Nodes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Attn.Host.Jupyter;

/// <summary>Whether a text can be run, or its author is still writing: consoles ask at each line's end.</summary>
internal static class Completeness
{
    private const string Step = "    ";

    public static JsonObject Reply(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, CSharpParseOptions.Default.WithKind(SourceCodeKind.Script));
        if (!SyntaxFactory.IsCompleteSubmission(tree))
            return new() { ["status"] = "incomplete", ["indent"] = Indent(tree) };
        // An expression without a semicolon at the end is complete, and asks to be shown.
        var end = code.TrimEnd().Length;
        var wrong = tree.GetDiagnostics().Any(diagnostic =>
            diagnostic.Severity == DiagnosticSeverity.Error && !(diagnostic.Id == "CS1002" && diagnostic.Location.SourceSpan.Start >= end));
        return new() { ["status"] = wrong ? "invalid" : "complete" };
    }

    private static string Indent(SyntaxTree tree)
    {
        var open = 0;
        foreach (var token in tree.GetRoot().DescendantTokens().Where(token => !token.IsMissing))
            open += token.Kind() switch { SyntaxKind.OpenBraceToken => 1, SyntaxKind.CloseBraceToken => -1, _ => 0 };
        return string.Concat(Enumerable.Repeat(Step, Math.Max(0, open)));
    }
}
