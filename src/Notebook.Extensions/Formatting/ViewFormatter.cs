using System.Text.Json.Nodes;
using Microsoft.DotNet.Interactive.Formatting;

namespace Attn.Notebook.Formatting;

/// <summary>Gives one MIME type of a view to the registry that .NET Interactive and our own host share.</summary>
internal sealed class ViewFormatter(Type type, string mimeType, Func<object, MimeBundle> render) : ITypeFormatter
{
    public string MimeType => mimeType;

    public Type Type => type;

    public MimeBundle Render(object value) => render(value);

    public bool Format(object instance, FormatContext context)
    {
        if (!render(instance).Data.TryGetValue(mimeType, out var content))
            return false;
        context.Writer.Write(content is JsonNode json ? json.ToJsonString() : content.ToString());
        return true;
    }
}
