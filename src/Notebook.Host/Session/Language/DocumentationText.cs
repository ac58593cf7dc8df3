using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Attn.Host.Session.Language;

/// <summary>A documentation comment as plain text.</summary>
internal static partial class DocumentationText
{
    /// <summary>The summary alone, on one line.</summary>
    public static string Summary(XElement? member) => Flow(member?.Element("summary"));

    /// <summary>Summary, parameters, what is returned and thrown, remarks and examples; empty when nothing was written.</summary>
    public static string All(XElement? member)
    {
        if (member is null)
            return "";
        var text = new StringBuilder();
        Append(text, null, [("", Flow(member.Element("summary")))]);
        Append(text, "Type parameters", Named(member, "typeparam", "name"));
        Append(text, "Parameters", Named(member, "param", "name"));
        Append(text, "Returns", [("", Flow(member.Element("returns") ?? member.Element("value")))]);
        Append(text, "Throws", Named(member, "exception", "cref"));
        Append(text, "Remarks", [("", Flow(member.Element("remarks")))]);
        Append(text, "Example", member.Elements("example").Select(example => ("", Flow(example))));
        return text.ToString().TrimEnd();
    }

    private static IEnumerable<(string Name, string Text)> Named(XElement member, string element, string attribute) =>
        member.Elements(element).Select(part => (Name((string?)part.Attribute(attribute)), Flow(part)));

    private static void Append(StringBuilder text, string? title, IEnumerable<(string Name, string Text)> parts)
    {
        var lines = parts.Where(part => part.Text.Length > 0).Select(part => part.Name.Length > 0 ? $"{part.Name}: {part.Text}" : part.Text).ToArray();
        if (lines.Length == 0)
            return;
        if (title is not null)
            text.Append(title).Append('\n');
        foreach (var line in lines)
            text.Append(title is null ? "" : "  ").Append(title is null ? line : line.Replace("\n", "\n  ", StringComparison.Ordinal)).Append('\n');
        text.Append('\n');
    }

    /// <summary>Running text; code keeps its lines.</summary>
    private static string Flow(XElement? element)
    {
        if (element is null)
            return "";
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
            text.Append(node switch
            {
                XText plain => Space().Replace(plain.Value, " "),
                XElement { Name.LocalName: "code" } code => $"\n{code.Value.Trim('\r', '\n').TrimEnd()}\n",
                XElement { Name.LocalName: "para" or "item" } paragraph => $"\n{Flow(paragraph)}\n",
                XElement { Name.LocalName: "see" or "seealso" or "paramref" or "typeparamref" } see when !see.Nodes().Any() => Reference(see),
                XElement inner => Flow(inner),
                _ => "",
            });
        return Lines().Replace(text.ToString(), "\n").Trim();
    }

    private static string Reference(XElement see) =>
        Name((string?)see.Attribute("cref") ?? (string?)see.Attribute("name") ?? (string?)see.Attribute("langword") ?? (string?)see.Attribute("href"));

    /// <summary>The last name of a documentation id: 'M:System.String.Split(System.Char)' is 'Split'.</summary>
    private static string Name(string? id)
    {
        if (id is null || id.Length < 2 || id[1] != ':')
            return id ?? "";
        var name = id[2..].Split('(')[0];
        return Arity().Replace(name[(name.LastIndexOf('.') + 1)..].Replace("#ctor", "constructor", StringComparison.Ordinal), "");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex(@" *\n[ \n]*(?=\n) *| +(?=\n)")]
    private static partial Regex Lines();

    [GeneratedRegex(@"``?\d+")]
    private static partial Regex Arity();
}
