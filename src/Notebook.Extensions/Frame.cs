using System.Collections;
using System.Reflection;
using Attn.Notebook.Formatting;
using Microsoft.Data.Analysis;

namespace Attn.Notebook;

/// <summary>Results as a data frame.</summary>
public static class Frame
{
    /// <summary>
    /// A data frame with a row for each item: a column for each public property (and each part of a tuple), under its name and in its order.
    /// Numbers, truth values and dates keep their type, a missing one is null, and everything else is text. Items that are numbers or texts
    /// themselves make the columns <c>index</c> and <c>value</c>: a training's losses, for instance.
    /// </summary>
    /// <param name="items">Records, objects of an anonymous type, tuples, numbers or texts.</param>
    /// <exception cref="ArgumentNullException">No items.</exception>
    public static DataFrame Of<T>(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var all = items.Cast<object?>().ToArray();
        return IsSimple(typeof(T))
            ? new(Column("index", typeof(int), Enumerable.Range(0, all.Length).Cast<object?>()), Column("value", typeof(T), all))
            : new(Members(typeof(T)).Select(member => Column(member.Name, member.Type, all.Select(item => item is null ? null : member.Read(item)))));
    }

    private static IEnumerable<(string Name, Type Type, Func<object, object?> Read)> Members(Type type)
    {
        const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;
        var properties = type.GetProperties(Public).Where(property => property.CanRead && property.GetIndexParameters().Length == 0);
        foreach (var property in properties)
            yield return (property.Name, property.PropertyType, property.GetValue);
        foreach (var field in type.GetFields(Public))
            yield return (field.Name, field.FieldType, field.GetValue);
    }

    private static DataFrameColumn Column(string name, Type type, IEnumerable<object?> values)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (!KeepsItsType(plain))
            return new StringDataFrameColumn(name, values.Select(Text));
        var fill = typeof(Frame).GetMethod(nameof(Filled), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(plain);
        return (DataFrameColumn)fill.Invoke(null, [name, values])!;
    }

    private static PrimitiveDataFrameColumn<T> Filled<T>(string name, IEnumerable<object?> values)
        where T : unmanaged => new(name, values.Select(value => (T?)value));

    private static string? Text(object? value) => value switch
    {
        null => null,
        not string and IEnumerable list => string.Join(", ", list.Cast<object?>().Select(Text)),
        _ => PlainText.Of(value) ?? value.ToString(),
    };

    private static bool KeepsItsType(Type type) => (type.IsPrimitive && type != typeof(nint) && type != typeof(nuint)) || type == typeof(decimal) || type == typeof(DateTime);

    private static bool IsSimple(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var plain && (KeepsItsType(plain) || plain.IsEnum || plain == typeof(string));
}
