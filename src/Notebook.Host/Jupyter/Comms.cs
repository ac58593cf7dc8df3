using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Attn.Notebook;

namespace Attn.Host.Jupyter;

/// <summary>The comms between cells and front ends.</summary>
internal sealed class Comms(KernelSockets sockets, Executions executions, string? kernelId) : IComms
{
    private readonly ConcurrentDictionary<string, KernelComm> _open = new();
    private readonly ConcurrentDictionary<string, Action<IComm, JsonObject>> _targets = new();

    public string? KernelId => kernelId;

    public IComm Open(string target, JsonObject data)
    {
        var comm = Create(Guid.NewGuid().ToString("N"), target);
        Publish("comm_open", new() { ["comm_id"] = comm.Id, ["target_name"] = target, ["data"] = data.DeepClone() });
        return comm;
    }

    public void Accept(string target, Action<IComm, JsonObject> opened) => _targets[target] = opened;

    /// <summary>A front end opens a comm; one to a name that nobody has registered is closed at once.</summary>
    public async Task<JsonObject?> OpenedAsync(JupyterMessage request)
    {
        var (id, target) = (request.Content.Text("comm_id"), request.Content.Text("target_name"));
        if (_targets.TryGetValue(target, out var opened))
        {
            var comm = Create(id, target);
            await executions.CallAsync(request, () => opened(comm, request.Content.Object("data")));
        }
        else
        {
            Publish("comm_close", new() { ["comm_id"] = id, ["data"] = new JsonObject() });
        }

        return null;
    }

    public async Task<JsonObject?> ReceivedAsync(JupyterMessage request)
    {
        if (_open.TryGetValue(request.Content.Text("comm_id"), out var comm))
            await executions.CallAsync(request, () => comm.Receive(request.Content.Object("data")));
        return null;
    }

    public async Task<JsonObject?> ClosedAsync(JupyterMessage request)
    {
        if (_open.TryRemove(request.Content.Text("comm_id"), out var comm))
            await executions.CallAsync(request, comm.End);
        return null;
    }

    /// <summary>Answers a <c>comm_info_request</c>.</summary>
    public JsonObject Info(JsonObject request)
    {
        var target = request.Text("target_name");
        var comms = new JsonObject();
        foreach (var comm in _open.Values.Where(comm => target.Length == 0 || comm.Target == target))
            comms[comm.Id] = new JsonObject { ["target_name"] = comm.Target };
        return new() { ["status"] = "ok", ["comms"] = comms };
    }

    private KernelComm Create(string id, string target) => _open[id] = new KernelComm(id, target, (type, content) =>
    {
        if (type == "comm_close")
            _open.TryRemove(id, out _);
        Publish(type, content);
    });

    private void Publish(string type, JsonObject content) => sockets.Send(Channel.IoPub, JupyterMessage.Orphan(type, content));
}
