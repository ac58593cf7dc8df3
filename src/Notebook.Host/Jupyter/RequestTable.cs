using System.Text.Json.Nodes;
using Attn.Host.Session;

namespace Attn.Host.Jupyter;

/// <summary>Answers a request: the content of the reply, or null for a message that has none.</summary>
internal delegate Task<JsonObject?> RequestHandler(JupyterMessage request);

/// <summary>What this kernel answers: message type → handler.</summary>
internal static class RequestTable
{
    public static IReadOnlyDictionary<string, RequestHandler> Create(CSharpSession session, Executions executions) => new Dictionary<string, RequestHandler>
    {
        ["kernel_info_request"] = _ => Now(KernelInfo.Reply()),
        ["execute_request"] = executions.RunAsync,
        ["interrupt_request"] = _ =>
        {
            executions.Interrupt();
            return Now(new() { ["status"] = "ok" });
        },
        ["shutdown_request"] = request => Now(new() { ["status"] = "ok", ["restart"] = request.Content.Flag("restart", false) }),
        ["is_complete_request"] = request => Now(Completeness.Reply(request.Content.Text("code"))),
        ["complete_request"] = new Completions(session.Language).ReplyAsync,
        ["inspect_request"] = new Inspections(session.Language).ReplyAsync,
        ["history_request"] = _ => Now(new() { ["status"] = "ok", ["history"] = new JsonArray() }),
        ["comm_info_request"] = _ => Now(new() { ["status"] = "ok", ["comms"] = new JsonObject() }),
    };

    private static Task<JsonObject?> Now(JsonObject reply) => Task.FromResult<JsonObject?>(reply);
}
