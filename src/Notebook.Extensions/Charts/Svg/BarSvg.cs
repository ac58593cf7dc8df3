namespace Attn.Notebook.Charting;

/// <summary>Bars from zero, those of several traces side by side.</summary>
internal static class BarSvg
{
    public static void Draw(SvgCanvas svg, PlotArea area, TraceStyle style, double[] x, double[] y, int trace, int traces)
    {
        var slot = Math.Abs(area.X.At(1) - area.X.At(0)) * 0.8;
        if (area.X.Log || !double.IsFinite(slot))
            return;
        var width = slot / traces;
        var zero = area.Y.Log ? area.Bottom : area.Y.At(0);
        for (var i = 0; i < Math.Min(x.Length, y.Length); i++)
        {
            var top = area.Y.At(y[i]);
            if (double.IsFinite(top) && area.X.At(x[i]) is var middle && double.IsFinite(middle))
                svg.Rect(middle - slot / 2 + trace * width, Math.Min(top, zero), width, Math.Abs(zero - top), style.Color, AxisTicks.Label(y[i], Math.Abs(y[i]) / 1000));
        }
    }
}
