using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Attn.Host.Notebooks;

/// <summary>The cell tagged <c>parameters</c>, and the one that papermill and this program put after it.</summary>
internal static class ParameterCell
{
    private const string Tag = "parameters", InjectedTag = "injected-parameters";

    /// <summary>The names that the notebook's parameters cell declares; none without such a cell.</summary>
    public static IReadOnlyList<string> Names(NotebookDocument notebook) => notebook.Cells.FirstOrDefault(IsParameters) is not { } cell ? [] :
    [
        .. CSharpSyntaxTree.ParseText(cell.Source, CSharpParseOptions.Default.WithKind(SourceCodeKind.Script)).GetRoot()
            .DescendantNodes().OfType<VariableDeclaratorSyntax>().Select(variable => variable.Identifier.Text),
    ];

    /// <summary>Refuses names that the notebook does not declare.</summary>
    /// <exception cref="NotebookFormatException">A name is no parameter of this notebook.</exception>
    public static void Check(NotebookDocument notebook, IEnumerable<string> given)
    {
        var names = Names(notebook);
        if (given.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
            throw new NotebookFormatException(names.Count == 0
                ? $"{notebook.Path}: no parameter '{unknown}': the notebook has no cell tagged '{Tag}'."
                : $"{notebook.Path}: no parameter '{unknown}'; it has {string.Join(", ", names)}.");
    }

    /// <summary>Puts a cell with these values after the parameters cell, in place of one from an earlier run.</summary>
    /// <exception cref="NotebookFormatException">A name is no parameter of this notebook.</exception>
    public static void Inject(NotebookDocument notebook, IReadOnlyDictionary<string, string> values)
    {
        if (values.Count == 0)
            return;
        Check(notebook, values.Keys);
        var source = "// Parameters\n" + string.Join('\n', values.Select(pair => $"var {pair.Key} = {Literal(pair.Value)};"));
        var cells = notebook.Cells;
        if (cells.FirstOrDefault(cell => cell.Tags.Contains(InjectedTag)) is { } earlier)
            earlier.Json["source"] = NotebookText.Split(source);
        else
            notebook.Insert(cells.TakeWhile(cell => !IsParameters(cell)).Count() + 1, NotebookCell.Code(InjectedTag, source, InjectedTag));
    }

    private static bool IsParameters(NotebookCell cell) => cell.IsCode && cell.Tags.Contains(Tag);

    private static string Literal(string value) => value switch
    {
        "true" or "false" => value,
        _ when int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number.ToString(CultureInfo.InvariantCulture),
        _ when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number.ToString("R", CultureInfo.InvariantCulture) + "d",
        _ => SymbolDisplay.FormatLiteral(value, quote: true),
    };
}
