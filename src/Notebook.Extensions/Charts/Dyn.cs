namespace Attn.Notebook.Charting;

/// <summary>Writes Plotly's figure schema as nested dynamic objects, which is what a Plotly.NET chart holds.</summary>
internal static class Dyn
{
    public static DynamicObj.DynamicObj Of(params ReadOnlySpan<(string Name, object? Value)> properties) =>
        new DynamicObj.DynamicObj().With(properties);

    /// <summary>Sets the properties whose value is not null.</summary>
    public static T With<T>(this T target, params ReadOnlySpan<(string Name, object? Value)> properties)
        where T : DynamicObj.DynamicObj
    {
        foreach (var (name, value) in properties)
            if (value is not null)
                target.SetProperty(name, value);
        return target;
    }

    /// <summary>Sets what another object's properties are, as they stand.</summary>
    public static T Taking<T>(this T target, DynamicObj.DynamicObj source)
        where T : DynamicObj.DynamicObj
    {
        foreach (var (name, value) in source.Properties)
            target.SetProperty(name, value);
        return target;
    }

    /// <summary>The values with null, which JSON can say and Plotly leaves out, for what is not finite.</summary>
    public static object?[] Numbers(IEnumerable<double> values) => [.. values.Select(value => double.IsFinite(value) ? (object)value : null)];
}
