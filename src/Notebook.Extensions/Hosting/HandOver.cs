using System.Text.RegularExpressions;

namespace Attn.Notebook;

/// <summary>Passes a value from the program to a cell that declares it.</summary>
public static partial class HandOver
{
    /// <summary>The value on its way.</summary>
    public static object? Value { get; set; }

    /// <summary>Sets a value on its way.</summary>
    /// <param name="name">The variable that is to hold it.</param>
    /// <param name="value">The value.</param>
    /// <param name="type">The variable's static type; <c>object</c> in place of one that a cell cannot name.</param>
    /// <returns>The C# that declares the variable; once it has run, <see cref="Value"/> is no longer needed.</returns>
    /// <exception cref="ArgumentException"><paramref name="name"/> is not a C# identifier.</exception>
    public static string Declare(string name, object? value, Type type)
    {
        if (!Identifier().IsMatch(name))
            throw new ArgumentException($"name: '{name}' is not a C# identifier.", nameof(name));
        Value = value;
        return $"{TypeNames.Of(type)} @{name} = ({TypeNames.Of(type)})global::{typeof(HandOver).FullName}.{nameof(Value)};";
    }

    [GeneratedRegex(@"^[_\p{L}\p{Nl}][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}\p{Cf}]*$")]
    private static partial Regex Identifier();
}
