using System.Text.Json.Nodes;
using Attn.Host.Notebooks;
using Attn.Host.Session;
using Attn.Notebook;

namespace Attn.Host.Runner;

/// <summary>Collects a running notebook's outputs as nbformat holds them. Later cells may update what earlier ones displayed.</summary>
internal sealed class NotebookOutputs(Action<MimeBundle> shown)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<JsonObject>> _displays = [];

    /// <summary>The sink of one cell.</summary>
    public Sink For(NotebookCell cell, int executionCount)
    {
        cell.Outputs = [];
        return new Sink(this, cell, executionCount);
    }

    internal sealed class Sink(NotebookOutputs all, NotebookCell cell, int executionCount) : ICellOutput
    {
        private bool _clears;

        public void Stream(OutputStream stream, string text)
        {
            var name = stream == OutputStream.Out ? "stdout" : "stderr";
            lock (all._gate)
            {
                ClearIfAsked();
                // Jupyter merges neighbours of one stream; so does every reader of notebooks expect it.
                if (cell.Outputs.LastOrDefault() is JsonObject last && last["name"]?.ToString() == name)
                    last["text"] = NotebookText.Split(NotebookText.Join(last["text"]) + text);
                else
                    cell.Outputs.Add(new JsonObject { ["name"] = name, ["output_type"] = "stream", ["text"] = NotebookText.Split(text) });
            }
        }

        public void Display(MimeBundle bundle, string displayId)
        {
            var output = new JsonObject { ["data"] = Data(bundle), ["metadata"] = new JsonObject(), ["output_type"] = "display_data" };
            lock (all._gate)
            {
                ClearIfAsked();
                cell.Outputs.Add(output);
                if (!all._displays.TryGetValue(displayId, out var shown))
                    all._displays[displayId] = shown = [];
                shown.Add(output);
            }

            all.Tell(bundle);
        }

        public void Update(string displayId, MimeBundle bundle)
        {
            lock (all._gate)
                foreach (var output in all._displays.GetValueOrDefault(displayId, []))
                    output["data"] = Data(bundle);
            all.Tell(bundle);
        }

        public void Result(MimeBundle bundle)
        {
            lock (all._gate)
            {
                ClearIfAsked();
                cell.Outputs.Add(new JsonObject
                {
                    ["data"] = Data(bundle),
                    ["execution_count"] = executionCount,
                    ["metadata"] = new JsonObject(),
                    ["output_type"] = "execute_result",
                });
            }

            all.Tell(bundle);
        }

        public void Clear(bool wait)
        {
            lock (all._gate)
            {
                _clears = true;
                if (!wait)
                    ClearIfAsked();
            }
        }

        private void ClearIfAsked()
        {
            if (_clears)
                cell.Outputs.Clear();
            _clears = false;
        }

        public void Error(CellError error)
        {
            lock (all._gate)
                cell.Outputs.Add(new JsonObject
                {
                    ["ename"] = error.Name,
                    ["evalue"] = error.Message,
                    ["output_type"] = "error",
                    ["traceback"] = new JsonArray([.. error.Traceback.Prepend($"{error.Name}: {error.Message}").Select(line => (JsonNode)line)]),
                });
        }
    }

    private void Tell(MimeBundle bundle) => shown(bundle);

    private static JsonObject Data(MimeBundle bundle)
    {
        var data = new JsonObject();
        foreach (var (type, content) in bundle.Data)
            data[type] = content is JsonNode json ? json.DeepClone() : NotebookText.Split(content.ToString() ?? "");
        return data;
    }
}
