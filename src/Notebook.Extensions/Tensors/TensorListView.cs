using static TorchSharp.torch;

namespace Attn.Notebook.Tensors;

/// <summary>A sequence of tensors, each as it would be shown alone, up to a number of them.</summary>
internal static class TensorListView
{
    private const int Most = 12;

    public static MimeBundle Render(object value)
    {
        var tensors = ((IEnumerable<Tensor?>)value).Take(Most + 1).ToList();
        var bundles = tensors.Take(Most).Select(tensor => MimeBundles.Of(tensor)).ToList();
        var rest = tensors.Count <= Most ? "" : $"only the first {Most} are shown";
        var html = bundles.Select((bundle, i) => $"<li value=\"{i}\">{bundle.Data.GetValueOrDefault(Mime.Html) ?? Markup.Escape((string)bundle.Data[Mime.Text])}</li>");
        var text = bundles.Select((bundle, i) => $"[{i}] {bundle.Data[Mime.Text]}");
        return MimeBundle.Html(
            $"<ol start=\"0\">{string.Concat(html)}</ol>{(rest.Length > 0 ? $"<p>{rest}</p>" : "")}",
            tensors.Count == 0 ? "no tensors" : string.Join('\n', rest.Length > 0 ? text.Append(rest) : text));
    }
}
