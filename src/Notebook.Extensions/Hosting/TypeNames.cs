namespace Attn.Notebook;

/// <summary>Type names as C# writes them.</summary>
internal static class TypeNames
{
    public static string Of(Type type)
    {
        if (!type.IsVisible)
            return "object";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        var name = "global::" + type.FullName!.Split('[')[0].Replace('+', '.');
        if (!type.IsGenericType)
            return name;
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 || type.DeclaringType is { IsGenericType: true } ? "object" : $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
