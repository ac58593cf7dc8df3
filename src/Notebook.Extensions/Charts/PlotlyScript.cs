using Attn.Notebook.Charting;

namespace Attn.Notebook;

/// <summary>plotly.js itself, which a page needs once however many charts it shows.</summary>
public static class PlotlyScript
{
    private static readonly Lazy<string> Script = new(Read);

    /// <summary>
    /// The text of plotly.js as Plotly.NET carries it (MIT licence, its notice included), safe inside a <c>script</c> element.
    /// </summary>
    public static string Text => Script.Value;

    /// <summary>The text in a <c>script</c> element which does nothing on a page that has plotly.js already.</summary>
    public static string Element => $"<script>if (!window.Plotly) {{\n{Text}\n}}</script>";

    private static string Read()
    {
        // A module loader on the page would take plotly.js as an anonymous module of its own, and window.Plotly would stay unset.
        return $"(function (define, module, exports) {{\n{ScriptText.Escape(Resource(".LICENSE.txt"))}\n{ScriptText.Escape(Resource(".min.js"))}\n}}).call(window);";
    }

    /// <summary>A text that Plotly.NET embeds; the notices are JavaScript comments.</summary>
    private static string Resource(string ending)
    {
        var assembly = typeof(Plotly.NET.GenericChart).Assembly;
        var name = assembly.GetManifestResourceNames().First(name => name.EndsWith(ending, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
