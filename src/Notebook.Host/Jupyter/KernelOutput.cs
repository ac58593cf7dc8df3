using System.Text.Json.Nodes;
using Attn.Host.Session;
using Attn.Notebook;

namespace Attn.Host.Jupyter;

/// <summary>Publishes a running cell's outputs to whoever watches, and puts its questions to whoever runs it.</summary>
internal sealed class KernelOutput(
    KernelSockets sockets, InputRequests inputs, JupyterMessage request, int executionCount, bool silent, CancellationToken interrupt) : ICellOutput, ICellInput
{
    /// <summary>The result as plain text; null as long as there is none.</summary>
    public string? ResultText { get; private set; }

    public void Stream(OutputStream stream, string text) =>
        Publish("stream", new() { ["name"] = stream == OutputStream.Out ? "stdout" : "stderr", ["text"] = text });

    public void Display(MimeBundle bundle, string displayId) => Publish("display_data", Shown(bundle, displayId));

    public void Update(string displayId, MimeBundle bundle) => Publish("update_display_data", Shown(bundle, displayId));

    public void Result(MimeBundle bundle)
    {
        ResultText = bundle.Data.GetValueOrDefault("text/plain")?.ToString();
        Publish("execute_result", new() { ["execution_count"] = executionCount, ["data"] = Data(bundle), ["metadata"] = new JsonObject() });
    }

    public void Clear(bool wait) => Publish("clear_output", new() { ["wait"] = wait });

    public void Error(JsonObject error) => Publish("error", error);

    public string? ReadLine(string prompt, bool hidden) => inputs.Ask(request, prompt, hidden, interrupt);

    public static JsonObject Data(MimeBundle bundle)
    {
        var data = new JsonObject();
        foreach (var (type, content) in bundle.Data)
            data[type] = content is JsonNode json ? json.DeepClone() : JsonValue.Create(content.ToString());
        return data;
    }

    private static JsonObject Shown(MimeBundle bundle, string displayId) => new()
    {
        ["data"] = Data(bundle),
        ["metadata"] = new JsonObject(),
        ["transient"] = new JsonObject { ["display_id"] = displayId },
    };

    private void Publish(string type, JsonObject content)
    {
        if (!silent)
            sockets.Send(Channel.IoPub, request.Publication(type, content));
    }
}
