using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Completion;
using Microsoft.CodeAnalysis.Tags;
using Microsoft.CodeAnalysis.Text;

namespace Attn.Host.Session.Language;

/// <summary>Completion of C#, by Roslyn.</summary>
internal static class CodeCompletion
{
    /// <summary>More than anybody reads: a front end draws each of them.</summary>
    private const int Most = 2000;

    private static readonly (string Tag, string Kind)[] Kinds =
    [
        (WellKnownTags.Method, "function"), (WellKnownTags.ExtensionMethod, "function"), (WellKnownTags.Property, "property"),
        (WellKnownTags.Event, "property"), (WellKnownTags.Constant, "constant"), (WellKnownTags.EnumMember, "constant"),
        (WellKnownTags.Namespace, "module"), (WellKnownTags.Keyword, "keyword"), (WellKnownTags.Class, "class"), (WellKnownTags.Structure, "class"),
        (WellKnownTags.Interface, "class"), (WellKnownTags.Enum, "class"), (WellKnownTags.Delegate, "class"), (WellKnownTags.TypeParameter, "class"),
        (WellKnownTags.Field, "instance"), (WellKnownTags.Local, "instance"), (WellKnownTags.Parameter, "instance"), (WellKnownTags.RangeVariable, "instance"),
    ];

    public static async Task<IReadOnlyList<Completion>> At(Document document, int cursor, CancellationToken cancellation)
    {
        var service = CompletionService.GetService(document)!;
        var text = await document.GetTextAsync(cancellation);
        var list = await service.GetCompletionsAsync(document, cursor, cancellationToken: cancellation);
        var span = list.ItemsList.Count == 0 ? new TextSpan(cursor, 0) : list.Span;
        var typed = text.ToString(TextSpan.FromBounds(span.Start, cursor));
        return
        [
            .. list.ItemsList
                .Where(item => item.DisplayText.StartsWith(typed, StringComparison.OrdinalIgnoreCase) && !item.Tags.Contains(WellKnownTags.Snippet))
                // What agrees in case as well is what was meant.
                .OrderByDescending(item => item.DisplayText.StartsWith(typed, StringComparison.Ordinal))
                .ThenBy(item => item.SortText, StringComparer.OrdinalIgnoreCase)
                .Select(item => new Completion(Inserted(item), Kind(item.Tags), span.Start, span.End))
                .DistinctBy(completion => completion.Text)
                .Take(Most),
        ];
    }

    private static string Inserted(CompletionItem item) => item.Properties.GetValueOrDefault("InsertionText", item.DisplayText);

    private static string Kind(ImmutableArray<string> tags) => Kinds.Where(kind => tags.Contains(kind.Tag)).Select(kind => kind.Kind).FirstOrDefault("text");
}
