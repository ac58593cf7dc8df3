using System.Globalization;
using System.Text;
using System.Text.Json;
using Attn.Notebook.Charting;

namespace Attn.Notebook;

/// <summary>A control as HTML with the script that connects it.</summary>
internal abstract record Control(string Label)
{
    private static readonly Lazy<string> Script = new(() => ScriptText.Escape(Read()));

    /// <summary>The name by which page and kernel know it.</summary>
    public string Id { get; } = "attn-" + Guid.NewGuid().ToString("N");

    /// <summary>The control, disabled until its script finds a live kernel.</summary>
    /// <param name="value">The number for which it stands.</param>
    /// <param name="text">The value as people read it.</param>
    /// <param name="kernel">The name by which a Jupyter server knows the kernel; null when that is not known.</param>
    public string Html(double value, string text, string? kernel) =>
        $$"""
        <div id="{{Id}}" class="attn-control" style="margin:4px 0"><label style="display:inline-block;margin:0 6px 0 0">{{Markup.Escape(Label)}} {{Element(value)}}</label>
        <output style="display:inline-block;padding:0;font-variant-numeric:tabular-nums">{{Markup.Escape(text)}}</output> <small style="opacity:.7">(no live kernel here: it does not move)</small></div>
        <script>{{Script.Value}}
        window.AttnControl("{{ControlComms.Target}}", "{{Id}}", {{JsonSerializer.Serialize(kernel)}});</script>
        """;

    /// <summary>The <c>input</c> or <c>select</c> element.</summary>
    protected abstract string Element(double value);

    private static string Read()
    {
        using var reader = new StreamReader(typeof(Control).Assembly.GetManifestResourceStream("Attn.Notebook.Comms.control.js")!);
        return reader.ReadToEnd();
    }

    protected static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>A slider.</summary>
internal sealed record SliderControl(string Label, double Min, double Max, double Step) : Control(Label)
{
    protected override string Element(double value) =>
        $"""<input type="range" disabled min="{Number(Min)}" max="{Number(Max)}" step="{Number(Step)}" value="{Number(value)}" style="display:inline-block;vertical-align:middle;width:20em">""";
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
