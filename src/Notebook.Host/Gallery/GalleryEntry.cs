using System.Text.Json.Nodes;
using Attn.Host.Notebooks;
using Attn.Kernels;
using Attn.Notebook;

namespace Attn.Host.Gallery;

/// <summary>An executed notebook, as the index shows it: all of it is read off the notebook's outputs.</summary>
/// <param name="Notebook">The notebook; its page lies beside the index under its name.</param>
internal sealed record GalleryEntry(NotebookDocument Notebook)
{
    /// <summary>The family of a notebook that belongs to no mechanism of the catalogue.</summary>
    public const string Theory = "theory";

    /// <summary>The family of the mechanism whose paper the notebook is.</summary>
    public string Family { get; } = Catalog.Rows
        .FirstOrDefault(row => row.Paper == Notebook.Name || row.Forms.Any(form => form.Paper == Notebook.Name))?.Family ?? Theory;

    /// <summary>The first paragraph that follows the title: where the paper appeared.</summary>
    public string Source { get; } = Notebook.Cells.FirstOrDefault(cell => cell.IsMarkdown)?.Source.Split('\n')
        .SkipWhile(line => line.StartsWith('#') || string.IsNullOrWhiteSpace(line)).FirstOrDefault() ?? "";

    /// <summary>The claims that it states, the last word on each.</summary>
    public IReadOnlyList<ClaimRecord> Claims { get; } = [.. Data(Notebook, ClaimRecord.MimeType)
        .Select(ClaimRecord.FromJson).GroupBy(claim => claim.Id).Select(claims => claims.Last())];

    /// <summary>Its first figure as SVG; null where it has none.</summary>
    public string? Figure { get; } = Data(Notebook, "image/svg+xml").Select(NotebookText.Join).FirstOrDefault();

    /// <summary>Cells that failed.</summary>
    public int Failures { get; } = Notebook.Cells.Sum(cell => cell.Outputs.Count(output => output?["output_type"]?.ToString() == "error"));

    private static IEnumerable<JsonNode> Data(NotebookDocument notebook, string type) =>
        notebook.Cells.SelectMany(cell => cell.Outputs).Select(output => output?["data"]?[type]).OfType<JsonNode>();
}
