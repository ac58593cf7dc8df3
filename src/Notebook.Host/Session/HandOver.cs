namespace Attn.Host.Session;

/// <summary>Passes a value from the program to a cell that declares it.</summary>
public static class HandOver
{
    /// <summary>The value on its way.</summary>
    public static object? Value { get; set; }
}

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
