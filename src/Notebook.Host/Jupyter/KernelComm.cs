using System.Text.Json.Nodes;
using Attn.Notebook;

namespace Attn.Host.Jupyter;

/// <summary>The kernel's end of a comm.</summary>
internal sealed class KernelComm(string id, string target, Action<string, JsonObject> publish) : IComm
{
    public event Action<JsonObject>? Received;

    public event Action? Closed;

    public string Id => id;

    public string Target => target;

    public bool IsOpen { get; private set; } = true;

    public void Send(JsonObject data)
    {
        if (IsOpen)
            publish("comm_msg", Content(data));
    }

    public void Close()
    {
        if (IsOpen)
            publish("comm_close", Content([]));
        IsOpen = false;
    }

    public void Receive(JsonObject data) => Received?.Invoke(data);

    /// <summary>The other end has closed it.</summary>
    public void End()
    {
        IsOpen = false;
        Closed?.Invoke();
    }

    private JsonObject Content(JsonObject data) => new() { ["comm_id"] = id, ["data"] = data.DeepClone() };
}
