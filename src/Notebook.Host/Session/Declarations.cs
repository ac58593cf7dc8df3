using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Attn.Host.Session;

/// <summary>Which cells give later ones something to name.</summary>
internal static class Declarations
{
    /// <summary>Whether there is a using, a type, a function or a variable anywhere in the cell.</summary>
    public static bool In(CompilationUnitSyntax cell) => cell.Usings.Count > 0 || cell.Externs.Count > 0 || cell.DescendantNodes().Any(node =>
        node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax or BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax
            or LocalFunctionStatementSyntax or VariableDeclaratorSyntax or SingleVariableDesignationSyntax);
}
