using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace Attn.Notebook.Formatting;

/// <summary>Renders a value through the formatters registered for its type, each into a bounded writer.</summary>
internal static class RegisteredView
{
    public static MimeBundle Render(object value)
    {
        var type = value.GetType();
        var data = new Dictionary<string, object>();
        var notes = new List<string>();
        foreach (var mimeType in Formatter.GetPreferredMimeTypesFor(type).Append(Mime.Text).Distinct())
            if (Content(value, type, mimeType, notes) is { } content)
                data[mimeType] = content;

        var text = data.GetValueOrDefault(Mime.Text)?.ToString() ?? PlainText.Safe(value, MimeBundles.MaxText);
        data[Mime.Text] = string.Join('\n', notes.Prepend(text));
        return new MimeBundle(data);
    }

    private static object? Content(object value, Type type, string mimeType, List<string> notes)
    {
        var writer = new BoundedWriter(mimeType == Mime.Text ? MimeBundles.MaxText : MimeBundles.MaxRich);
        try
        {
            using var context = new FormatContext(writer);
            if (!Formatter.GetPreferredFormatterFor(type, mimeType).Format(value, context))
                return null;
            if (Mime.IsJson(mimeType))
                return JsonNode.Parse(writer.ToString());
            return writer.ToString();
        }
        catch (Exception) when (writer.Exceeded)
        {
            notes.Add($"({mimeType} is longer than a notebook can hold; the rest is not shown)");
            return mimeType == Mime.Text ? writer.ToString() : null;
        }
        catch (JsonException e)
        {
            notes.Add($"(the {mimeType} formatter of {type.Name} wrote no JSON: {e.Message})");
            return null;
        }
        catch (Exception e) when (!MimeBundles.IsInterrupt(e))
        {
            notes.Add(PlainText.Blame(type, e));
            return null;
        }
    }
}
