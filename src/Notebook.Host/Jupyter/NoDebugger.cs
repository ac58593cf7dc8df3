using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>Says to a front end that asks nevertheless that there is no debugger here (in the Debug Adapter Protocol's words).</summary>
internal static class NoDebugger
{
    public static JsonObject Reply(JsonObject request) => new()
    {
        ["type"] = "response",
        ["request_seq"] = request.Number("seq") ?? 0,
        ["success"] = false,
        ["command"] = request.Text("command"),
        ["message"] = "This kernel has no debugger.",
    };
}
