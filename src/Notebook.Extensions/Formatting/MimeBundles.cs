using System.Text.Json.Nodes;
using Attn.Notebook.Formatting;
using Microsoft.DotNet.Interactive.Formatting;

namespace Attn.Notebook;

/// <summary>Turns any value into the bundle that a notebook shows.</summary>
public static class MimeBundles
{
    /// <summary>The most characters of plain text that a bundle holds; the rest is cut off, with a note.</summary>
    public const int MaxText = 200_000;

    /// <summary>The most characters of one rich rendering; a longer one is left out, with a note, since half an HTML page shows nothing.</summary>
    public const int MaxRich = 16_000_000;

    /// <summary>
    /// The bundle of a value, by its type: text and numbers as plain text; an <see cref="INotebookView"/> as it says; everything else as
    /// the formatters registered for it say (<see cref="Formatter"/>, where a user's own registration comes before ours).
    /// A formatter that throws is named in a note under the value's plain text.
    /// </summary>
    public static MimeBundle Of(object? value)
    {
        if (PlainText.Of(value) is { } text)
            return MimeBundle.Text(PlainText.Cut(text, MaxText));
        if (value is MimeBundle bundle)
            return bundle;
        try
        {
            return Rich(value!);
        }
        catch (Exception e) when (!IsInterrupt(e))
        {
            return MimeBundle.Text($"{PlainText.Safe(value!, MaxText)}\n{PlainText.Blame(value!.GetType(), e)}");
        }
    }

    private static MimeBundle Rich(object value)
    {
        var own = value is INotebookView;
        if (!own)
            AttnFormatters.Register();
        var view = KnownViews.Of(value.GetType());
        if (own || view is not null && !IsOverridden(value.GetType()))
            return Bounded(own ? ((INotebookView)value).ToMimeBundle() : view!.Render(value));
        return RegisteredView.Render(value);
    }

    /// <summary>Whether a user's own registration for the type stands before ours.</summary>
    private static bool IsOverridden(Type type) => Formatter.GetPreferredFormatterFor(type, Mime.Html) is not ViewFormatter;

    private static MimeBundle Bounded(MimeBundle bundle)
    {
        if (bundle.Data.All(entry => Length(entry.Value) <= (entry.Key == Mime.Text ? MaxText : MaxRich)))
            return bundle;
        var kept = bundle.Data.Where(entry => entry.Key != Mime.Text && Length(entry.Value) <= MaxRich).ToDictionary();
        var text = bundle.Data.TryGetValue(Mime.Text, out var plain) ? PlainText.Cut(plain.ToString()!, MaxText) : "";
        var left = bundle.Data.Keys.Except(kept.Keys).Where(key => key != Mime.Text).ToList();
        kept[Mime.Text] = left.Count == 0 ? text : $"{text}\n(left out, too long for a notebook: {string.Join(", ", left)})";
        return new MimeBundle(kept);
    }

    private static int Length(object content) => content is string text ? text.Length : content is JsonNode ? 0 : content.ToString()!.Length;

    internal static bool IsInterrupt(Exception e) => e is ThreadInterruptedException or ThreadAbortException
        || e is OperationCanceledException && NotebookHost.Current is { Cancellation.IsCancellationRequested: true };
}
