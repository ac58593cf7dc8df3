namespace Attn.Notebook.Charting;

/// <summary>A matrix as a picture with one pixel a value, to be scaled up without smoothing.</summary>
internal static class HeatMapImage
{
    /// <summary>The colours of the values; grey for what is not finite.</summary>
    public static string DataUri(double[,] values, ColorScale scale, double low, double high)
    {
        var span = high > low ? high - low : 1;
        var rgb = new byte[values.Length * 3];
        var at = 0;
        foreach (var value in values)
        {
            var (r, g, b) = scale.Rgb(double.IsFinite(value) ? (value - low) / span : double.NaN);
            (rgb[at++], rgb[at++], rgb[at++]) = (r, g, b);
        }

        return Png.DataUri(rgb, values.GetLength(1));
    }

    /// <summary>The scale that suits the finite values.</summary>
    public static (ColorScale Scale, double Low, double High) ScaleOf(double[,] values)
    {
        var finite = values.Cast<double>().Where(double.IsFinite).DefaultIfEmpty(0).ToList();
        return ColorScale.For(finite.Min(), finite.Max());
    }

    /// <summary>An image element, its cells as large as fit a small picture.</summary>
    public static string Html(double[,] values, string label)
    {
        int rows = values.GetLength(0), columns = values.GetLength(1);
        var cell = Math.Clamp(Math.Min(360 / columns, 180 / rows), 3, 18);
        var (scale, low, high) = ScaleOf(values);
        return $"<img alt=\"{Markup.Escape(label)}\" src=\"{DataUri(values, scale, low, high)}\" "
            + $"style=\"display:block;width:{columns * cell}px;height:{rows * cell}px;image-rendering:pixelated;border:1px solid rgba(128,128,128,.35);margin:4px 0\"/>";
    }
}
