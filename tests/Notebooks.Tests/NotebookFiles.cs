using System.Text.Json.Nodes;
using Attn.Host.Notebooks;
using Attn.Tests;

namespace Attn.Notebooks.Tests;

/// <summary>Every notebook of the repository, found and not listed.</summary>
public static class NotebookFiles
{
    public static string Folder { get; } = Path.Combine(AttnProgram.Repository, "notebooks");

    public static TheoryData<string> All { get; } = [.. Directory.GetFiles(Folder, "*.ipynb").Select(path => Path.GetFileName(path)).Order()];

    internal static NotebookDocument Read(string name) => NotebookDocument.Read(Path.Combine(Folder, name));

    public static JsonObject Json(string name) => (JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name)))!;
}
