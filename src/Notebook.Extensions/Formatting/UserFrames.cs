using System.Diagnostics;
using System.Reflection;

namespace Attn.Notebook.Formatting;

/// <summary>The frames of a stack trace that belong to the user's code: none of the runtime's, the compiler's, or a library's that notebooks bring.</summary>
internal static class UserFrames
{
    private const int Most = 10;

    private static readonly string[] Libraries =
        ["System", "Microsoft", "netstandard", "FSharp", "TorchSharp", "Plotly", "Attn", "attn", "Newtonsoft", "NetMQ", "Spectre", "xunit"];

    public static IReadOnlyList<string> Of(Exception exception) =>
        [.. new StackTrace(exception, fNeedFileInfo: true).GetFrames().Select(Describe).OfType<string>().Take(Most)];

    private static string? Describe(StackFrame frame)
    {
        if (frame.GetMethod() is not { DeclaringType: { } type } method || IsLibrary(type.Assembly))
            return null;
        var line = frame.GetFileLineNumber() is > 0 and var number ? $", line {number}" : "";
        var name = Name(type, method.Name);
        return name is null ? $"the cell{line}" : $"{name}{line}";
    }

    private static bool IsLibrary(Assembly assembly)
    {
        var name = assembly.GetName().Name ?? "";
        return Libraries.Any(library => name == library || name.StartsWith(library + ".", StringComparison.Ordinal));
    }

    /// <summary>The method as its author wrote it; null for a cell's own statements. The compiler keeps a lambda's or async method's name in angle brackets.</summary>
    private static string? Name(Type type, string method)
    {
        var inCell = type.FullName?.StartsWith("Submission#", StringComparison.Ordinal) == true;
        var owner = type;
        while (owner.Name.StartsWith('<') && owner.DeclaringType is { } outer)
            (method, owner) = (method == "MoveNext" || method.StartsWith('<') ? Inner(method == "MoveNext" ? owner.Name : method) : method, outer);
        method = Inner(method);
        if (inCell)
            return method is "Initialize" or "Factory" or "" ? null : method;
        return $"{owner.Name}.{method}";
    }

    private static string Inner(string name)
    {
        var start = name.LastIndexOf('<') + 1;
        var end = name.IndexOf('>');
        return start > 0 && end >= start ? name[start..end] : name;
    }
}
