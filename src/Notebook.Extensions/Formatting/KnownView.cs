namespace Attn.Notebook.Formatting;

/// <summary>How a type that is not ours is shown.</summary>
/// <param name="Assembly">The simple name of the assembly that declares the type: nothing of it is loaded before a value of the type exists.</param>
/// <param name="TypeName">The type's full name; derived types are shown alike.</param>
/// <param name="OfMany">Whether the view is that of an <see cref="IEnumerable{T}"/> of the type.</param>
/// <param name="Render">The view.</param>
internal sealed record KnownView(string Assembly, string TypeName, bool OfMany, Func<object, MimeBundle> Render)
{
    public bool Shows(Type type) => OfMany ? type.GetInterfaces().Any(IsSequence) : IsOne(type);

    private bool IsSequence(Type face) =>
        face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>) && IsOne(face.GenericTypeArguments[0]);

    private bool IsOne(Type type)
    {
        for (var t = type; t is not null; t = t.BaseType)
            if (t.FullName == TypeName)
                return true;
        return false;
    }
}
