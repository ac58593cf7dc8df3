using System.Globalization;

namespace Attn.Notebook.Formatting;

/// <summary>Plain text of values, and of what went wrong with them.</summary>
internal static class PlainText
{
    /// <summary>The text of a value that needs nothing but text; null for all others.</summary>
    public static string? Of(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool yes => yes ? "true" : "false",
        char c => c.ToString(),
        Enum name => name.ToString(),
        Guid or DateTime or DateTimeOffset or DateOnly or TimeOnly or TimeSpan or decimal or System.Numerics.BigInteger or Half
            => ((IFormattable)value).ToString(value is DateTime or DateTimeOffset ? "u" : null, CultureInfo.InvariantCulture),
        _ => value.GetType().IsPrimitive ? Convert.ToString(value, CultureInfo.InvariantCulture) : null,
    };

    /// <summary>The text, with a note in place of what is past the limit.</summary>
    public static string Cut(string text, int limit)
    {
        if (text.Length <= limit)
            return text;
        var end = char.IsHighSurrogate(text[limit - 1]) ? limit - 1 : limit;
        return string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, end)}\n… {text.Length - end:N0} more characters of {text.Length:N0} are not shown");
    }

    /// <summary>The value's own text; its type's name where it has none or cannot give it.</summary>
    public static string Safe(object value, int limit)
    {
        try
        {
            return Cut(value.ToString() ?? value.GetType().Name, limit);
        }
        catch (Exception e) when (!MimeBundles.IsInterrupt(e))
        {
            return value.GetType().ToString();
        }
    }

    /// <summary>The note that names the formatter's own failure.</summary>
    public static string Blame(Type type, Exception e)
    {
        var cause = e is System.Reflection.TargetInvocationException { InnerException: { } inner } ? inner : e;
        return $"(the formatter of {type.Name} failed: {cause.GetType().Name}: {Cut(cause.Message, 500)})";
    }
}
