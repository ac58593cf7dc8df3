using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Attn.Host.Notebooks;

/// <summary>A Jupyter notebook, nbformat 4. What this program does not know of stays in the file as it was.</summary>
internal sealed class NotebookDocument
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly JsonObject _root;

    private NotebookDocument(string path, JsonObject root) => (Path, _root) = (path, root);

    public string Path { get; }

    /// <summary>The file's name without its ending, such as <c>59-scan-and-snap</c>.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public JsonObject Metadata => (JsonObject)(_root["metadata"] ??= new JsonObject());

    public IReadOnlyList<NotebookCell> Cells => [.. ((JsonArray)_root["cells"]!).Select(cell => new NotebookCell((JsonObject)cell!))];

    public string Title => Cells.Select(cell => cell.Heading).FirstOrDefault(heading => heading is not null) ?? Name;

    /// <summary>Reads a notebook of C#.</summary>
    /// <exception cref="NotebookFormatException">The file is missing, or is no such notebook.</exception>
    public static NotebookDocument Read(string path)
    {
        JsonNode? json;
        try
        {
            json = JsonNode.Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NotebookFormatException($"{path}: no such file.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookFormatException($"{path}: cannot be read: {e.Message}");
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException($"{path}: not a notebook: its JSON breaks at line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}.");
        }

        return new NotebookDocument(path, Checked(path, json));
    }

    public void Insert(int index, NotebookCell cell) => ((JsonArray)_root["cells"]!).Insert(index, cell.Json);

    /// <summary>The notebook as a file's text.</summary>
    public string ToText() => _root.ToJsonString(Indented) + "\n";

    private static JsonObject Checked(string path, JsonNode? json)
    {
        if (json is not JsonObject root || root["nbformat"] is not JsonValue version || !version.TryGetValue<int>(out var major))
            throw new NotebookFormatException($"{path}: not a notebook: it needs an object with 'nbformat'.");
        if (major != 4)
            throw new NotebookFormatException($"{path}: nbformat {major}, needs 4; 'jupyter nbconvert --to notebook --nbformat 4' converts it.");
        if (root["cells"] is not JsonArray cells || cells.Any(cell => cell is not JsonObject { } fields || fields["cell_type"] is not JsonValue))
            throw new NotebookFormatException($"{path}: not a notebook: 'cells' needs a list of objects with 'cell_type'.");
        var language = (root["metadata"]?["kernelspec"]?["language"] ?? root["metadata"]?["language_info"]?["name"])?.ToString();
        if (language is not (null or "C#" or "csharp" or "c#"))
            throw new NotebookFormatException($"{path}: a notebook of {language}, needs C#.");
        return root;
    }
}
