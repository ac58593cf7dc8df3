using System.Globalization;
using Attn.Kernels;
using Attn.Notebook.Formatting;

namespace Attn.Notebook;

/// <summary>A mechanism's conformance: for each form and dtype the tensor that comes closest to what is allowed.</summary>
internal sealed class ConformanceView(AttentionMechanism mechanism, IReadOnlyList<(AttentionInputs Inputs, IReadOnlyList<ConformanceResult> Results)> calls) : INotebookView
{
    private static readonly string[] Heads = ["", "form", "dtype", "compared", "worst tensor", "at", "error", "allowed", "share"];
    private static readonly bool[] Right = [false, false, false, true, false, false, true, true, true];

    public MimeBundle ToMimeBundle()
    {
        var all = calls.SelectMany(call => call.Results.Select(result => (call.Inputs, Result: result))).ToList();
        var rows = all.GroupBy(one => (one.Result.Form, one.Inputs.Q.dtype)).Select(group => Row(group.Key.Form, [.. group])).ToList();
        var failed = all.Count(one => !one.Result.Holds);
        var head = failed == 0
            ? $"✓ {mechanism.Id}: {all.Count} tensors of {calls.Count} calls equal the reference"
            : $"✗ {mechanism.Id}: {failed} of {all.Count} tensors do not equal the reference";
        const string Note = "error is ‖form − exact‖ / ‖exact‖, exact the plain reference in float64; allowed is three times what the plain reference is off in the same dtype, plus rounding.";
        var html = $"<div class=\"attn-check\"><b>{Markup.Escape(head)}</b>{HtmlTable.Of(Heads, rows.Select(row => row.Select(Markup.Escape).ToList()), Right)}"
            + $"<div style=\"font-size:85%;opacity:.75\">{Note}</div></div>";
        return MimeBundle.Html(html, $"{head}\n{HtmlTable.Text(Heads, rows, Right)}\n{Note}");
    }

    private static IReadOnlyList<string> Row(string form, IReadOnlyList<(AttentionInputs Inputs, ConformanceResult Result)> results)
    {
        var (inputs, worst) = results.MaxBy(one => one.Result.Error / one.Result.Allowed);
        return
        [
            worst.Holds ? "✓" : "✗", form, inputs.Q.dtype.ToString().ToLowerInvariant(), results.Count.ToString(CultureInfo.InvariantCulture), worst.Tensor,
            $"{inputs.Shape}{(inputs.Causal ? " causal" : "")}", Number.Of(worst.Error), Number.Of(worst.Allowed),
            (worst.Error / worst.Allowed).ToString("0 %", CultureInfo.InvariantCulture),
        ];
    }
}
