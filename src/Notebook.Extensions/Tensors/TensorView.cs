using Attn.Notebook.Charting;
using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Notebook.Tensors;

/// <summary>A tensor: what it is, what its values are like, a small picture of its last two dimensions, and values on demand.</summary>
internal static class TensorView
{
    private const int MapRows = 48;
    private const int MapColumns = 96;

    public static MimeBundle Render(object value)
    {
        var tensor = (Tensor)value;
        if (tensor.IsInvalid)
            return MimeBundle.Html("<div class=\"attn-tensor\"><em>a disposed tensor</em></div>", "a disposed tensor");
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Live(tensor.detach(), TensorHeader.Of(tensor));
    }

    private static MimeBundle Live(Tensor tensor, string header)
    {
        if (tensor.device_type == DeviceType.META || tensor.is_sparse)
            return Simple(header, TensorHeader.Size(tensor) + ", not shown for this kind");
        if (tensor.numel() == 0)
            return Simple(header, "no values");
        if (tensor.dim() == 0)
            return Simple($"{TensorValues.Scalar(tensor)}", header);

        var facts = Facts(tensor, TensorStatistics.Of(tensor));
        var (map, note) = Map(tensor);
        var text = $"{header}: {TensorHeader.Size(tensor)}\n{facts}\n{TensorValues.Block(tensor, 6, 8)}{(tensor.dim() > 2 ? $"\n{Slice(tensor)}" : "")}";
        var html = $"""
            <div class="attn-tensor" style="margin:4px 0">
            <div><strong>{Markup.Escape(header)}</strong> <span style="opacity:.75">{Markup.Escape(TensorHeader.Size(tensor))}</span></div>
            <div>{Markup.Escape(facts)}</div>
            {map}<div style="font-size:85%;opacity:.75">{Markup.Escape(note)}</div>
            <details><summary>values</summary><pre style="overflow-x:auto">{Markup.Escape(TensorValues.Block(tensor, 24, 12))}</pre></details>
            </div>
            """;
        return MimeBundle.Html(html, text);
    }

    private static MimeBundle Simple(string main, string note) => MimeBundle.Html(
        $"<div class=\"attn-tensor\"><strong>{Markup.Escape(main)}</strong> <span style=\"opacity:.75\">{Markup.Escape(note)}</span></div>", $"{main}  ({note})");

    private static string Facts(Tensor tensor, TensorStatistics of)
    {
        var what = tensor.is_complex() ? "of |z|: " : "";
        var parts = new List<string>
        {
            $"{what}min {TensorValues.Number(of.Min)}, mean {TensorValues.Number(of.Mean)}, max {TensorValues.Number(of.Max)}",
        };
        if (tensor.is_floating_point() || tensor.is_complex())
            parts.Add($"NaN {TensorHeader.Count(of.NaNs)}, Inf {TensorHeader.Count(of.Infinities)}");
        if (of.Counted < tensor.numel())
            parts.Add($"from a sample of {TensorHeader.Count(of.Counted)} values");
        return string.Join("; ", parts);
    }

    private static (string Html, string Note) Map(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var matrix = TensorSample.Matrix(tensor);
        var (view, rowStep, columnStep) = TensorSample.Thin(matrix, MapRows, MapColumns);
        var grid = TensorSample.Grid(view);
        var notes = new List<string>();
        if (tensor.dim() > 2)
            notes.Add(Slice(tensor));
        if (rowStep > 1)
            notes.Add($"every {Ordinal(rowStep)} row");
        if (columnStep > 1)
            notes.Add($"every {Ordinal(columnStep)} column");
        return (HeatMapImage.Html(grid, $"heat map of {TensorHeader.Shape(matrix)}"), string.Join(", ", notes));
    }

    private static string Slice(Tensor tensor) =>
        $"shown: slice [{string.Join(", ", Enumerable.Repeat("0", (int)tensor.dim() - 2))}, :, :] of {TensorHeader.Count(tensor.shape[..^2].Aggregate(1L, (a, b) => a * b))}";

    private static string Ordinal(long n) => (n % 100 is >= 11 and <= 13 ? 0 : n % 10) switch { 1 => $"{n}st", 2 => $"{n}nd", 3 => $"{n}rd", _ => $"{n}th" };
}
