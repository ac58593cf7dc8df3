using System.Globalization;
using System.Text;

namespace Attn.Notebook;

/// <summary>A control as HTML with the script that connects it.</summary>
internal abstract record Control(string Label)
{
    /// <summary>The name by which page and kernel know it.</summary>
    public string Id { get; } = "attn-" + Guid.NewGuid().ToString("N");

    /// <summary>The control, disabled until its script finds a live kernel.</summary>
    /// <param name="value">The number for which it stands.</param>
    /// <param name="text">The value as people read it.</param>
    public string Html(double value, string text) =>
        $$"""
        <div id="{{Id}}" class="attn-control" style="margin:4px 0"><label>{{Markup.Escape(Label)}} {{Element(value)}}</label>
        <output style="font-variant-numeric:tabular-nums">{{Markup.Escape(text)}}</output> <small style="opacity:.7">(no live kernel here: it does not move)</small></div>
        <script>(function () {
          var box = document.getElementById("{{Id}}"), input = box.querySelector("input,select"), busy = false, waiting = false;
          var kernel = window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel;
          if (!kernel) return;
          var comm = kernel.comm_manager.new_comm("{{ControlComms.Target}}", { control: "{{Id}}" });
          function live(on) { input.disabled = !on; box.querySelector("small").hidden = on; }
          function send() { if (busy) { waiting = true; return; } busy = true; waiting = false; comm.send({ value: Number(input.value) }); }
          comm.on_msg(function (message) {
            var data = message.content.data;
            box.querySelector("output").textContent = data.text;
            if (data.value !== undefined) { input.value = data.value; return; }
            busy = false;
            if (waiting) send();
          });
          comm.on_close(function () { live(false); });
          input.addEventListener("input", send);
          live(true);
        })();</script>
        """;

    /// <summary>The <c>input</c> or <c>select</c> element.</summary>
    protected abstract string Element(double value);

    protected static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>A slider.</summary>
internal sealed record SliderControl(string Label, double Min, double Max, double Step) : Control(Label)
{
    protected override string Element(double value) =>
        $"""<input type="range" disabled min="{Number(Min)}" max="{Number(Max)}" step="{Number(Step)}" value="{Number(value)}" style="vertical-align:middle;width:20em">""";
}

/// <summary>A list of which one is chosen, by its place.</summary>
internal sealed record DropdownControl(string Label, IReadOnlyList<string> Options) : Control(Label)
{
    protected override string Element(double value)
    {
        var html = new StringBuilder("<select disabled>");
        for (var i = 0; i < Options.Count; i++)
            html.Append(CultureInfo.InvariantCulture, $"""<option value="{i}"{(i == (int)value ? " selected" : "")}>{Markup.Escape(Options[i])}</option>""");
        return html.Append("</select>").ToString();
    }
}
