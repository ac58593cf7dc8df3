using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Attn.Host.Session.Language;

/// <summary>What a symbol is: its signature and documentation; in detail also its overloads, members and source.</summary>
internal static class CodeInspection
{
    private const int Members = 80;

    private static readonly SymbolDisplayFormat Signature = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypes,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeContainingType
            | SymbolDisplayMemberOptions.IncludeModifiers | SymbolDisplayMemberOptions.IncludeRef | SymbolDisplayMemberOptions.IncludeConstantValue,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut | SymbolDisplayParameterOptions.IncludeExtensionThis,
        propertyStyle: SymbolDisplayPropertyStyle.ShowReadWriteDescriptor,
        localOptions: SymbolDisplayLocalOptions.IncludeType | SymbolDisplayLocalOptions.IncludeConstantValue,
        kindOptions: SymbolDisplayKindOptions.IncludeTypeKeyword | SymbolDisplayKindOptions.IncludeNamespaceKeyword,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>The text for the symbol at the cursor, and its name; null when there is none.</summary>
    public static async Task<(string Name, string Text)?> At(Document document, int cursor, bool detailed, CancellationToken cancellation)
    {
        var root = (await document.GetSyntaxRootAsync(cancellation))!;
        var model = (await document.GetSemanticModelAsync(cancellation))!;
        var symbols = AskedSymbol.At(root, model, cursor);
        return symbols.Count == 0 ? null : (symbols[0].Name, Describe(symbols, model.Compilation, detailed));
    }

    private static string Describe(IReadOnlyList<ISymbol> symbols, Compilation compilation, bool detailed)
    {
        var (symbol, others) = (symbols[0], symbols.Count - 1);
        var text = new StringBuilder(Sign(symbol));
        if (others > 0)
            text.Append($"  (+ {others} overload{(others == 1 ? "" : "s")})");
        text.Append('\n');
        Section(text, DocumentationText.All(XmlDocumentation.Of(symbol, compilation)));
        if (TypeOf(symbol) is { } type)
            Section(text, DocumentationText.Summary(XmlDocumentation.Of(type, compilation)) is { Length: > 0 } summary ? $"{type.ToDisplayString()}: {summary}" : "");
        if (!detailed)
            return text.ToString().TrimEnd();

        Section(text, string.Join('\n', symbols.Skip(1).Select(Sign)));
        if ((symbol as INamedTypeSymbol ?? TypeOf(symbol)) is INamedTypeSymbol members)
            Section(text, string.Join('\n', members.GetMembers().Where(IsShown).Take(Members).Select(Sign)));
        Section(text, symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(CancellationToken.None).ToString() ?? "");
        return text.ToString().TrimEnd();
    }

    private static string Sign(ISymbol symbol) => SymbolDisplay.ToDisplayString(symbol, Signature);

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IFieldSymbol field => field.Type,
        ILocalSymbol local => local.Type,
        IParameterSymbol parameter => parameter.Type,
        _ => null,
    };

    private static bool IsShown(ISymbol member) => member is
    {
        DeclaredAccessibility: Accessibility.Public,
        IsImplicitlyDeclared: false,
        CanBeReferencedByName: true,
    };

    private static void Section(StringBuilder text, string section)
    {
        if (section.Length > 0)
            text.Append('\n').Append(section).Append('\n');
    }
}
