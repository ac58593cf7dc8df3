using System.Globalization;
using Attn.Kernels;
using Attn.Notebook.Commands;
using Attn.Notebook.Formatting;
using static TorchSharp.torch;

namespace Attn.Notebook;

/// <summary>Mechanisms on the same tensors, side by side.</summary>
internal sealed class ComparisonView(IReadOnlyList<Compared> compared) : INotebookView
{
    private static readonly string[] Heads = ["mechanism", "output RMS", "‖o − o₁‖/‖o₁‖", "cos(o, o₁)", "entropy (nats)", "effective rank", "pattern distance"];
    private static readonly bool[] Right = [false, true, true, true, true, true, true];

    private readonly Compared _first = compared[0];

    public MimeBundle ToMimeBundle()
    {
        using var scope = NewDisposeScope();
        var rows = compared.Select(Row).ToList();
        var head = $"{_first.Inputs.Shape}, {(_first.Inputs.Causal ? "causal" : "noncausal")}; o₁ is {_first.Row.Id}'s output";
        const string Note = "Means over batch, heads and queries. Entropy and pattern distance (total variation, 0 to 1) are of |weights| as shares of their row; "
            + "effective rank is exp of the entropy of the matrix's singular values.";
        var html = $"<div class=\"attn-compare\"><b>{Markup.Escape(head)}</b>{HtmlTable.Of(Heads, rows.Select(row => row.Select(Markup.Escape).ToList()), Right)}"
            + $"<div style=\"font-size:85%;opacity:.75\">{Note}</div></div>";
        return MimeBundle.Html(html, $"{head}\n{HtmlTable.Text(Heads, rows, Right)}\n{Note}");
    }

    private IReadOnlyList<string> Row(Compared one)
    {
        var (output, reference) = (one.Output, _first.Output);
        return
        [
            one.Row.Id,
            Text(output.square().mean().sqrt()),
            Text((output - reference).norm() / reference.norm()),
            Text(nn.functional.cosine_similarity(output, reference, -1).mean()),
            one.Weights is null ? "–" : Text(PatternStatistics.Entropy(one.Weights).mean()),
            one.Weights is null ? "–" : Text(PatternStatistics.EffectiveRank(one.Weights).mean()),
            one.Weights is null || _first.Weights is null ? "–" : Text(PatternStatistics.TotalVariation(one.Weights, _first.Weights).mean()),
        ];
    }

    private static string Text(Tensor scalar) => scalar.item<double>().ToString("0.####", CultureInfo.InvariantCulture);
}
