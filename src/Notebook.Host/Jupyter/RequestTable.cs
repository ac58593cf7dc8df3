using System.Text.Json.Nodes;
using Attn.Host.Session;

namespace Attn.Host.Jupyter;

/// <summary>Answers a request: the content of the reply, or null for a message that has none.</summary>
internal delegate Task<JsonObject?> RequestHandler(JupyterMessage request);

/// <summary>What this kernel answers: message type → handler.</summary>
internal static class RequestTable
{
    public static IReadOnlyDictionary<string, RequestHandler> Create(CSharpSession session, Executions executions, History history, Comms comms) => new Dictionary<string, RequestHandler>
    {
        ["kernel_info_request"] = Now(_ => KernelInfo.Reply()),
        ["execute_request"] = executions.RunAsync,
        ["interrupt_request"] = Now(_ =>
        {
            executions.Interrupt();
            return new() { ["status"] = "ok" };
        }),
        ["shutdown_request"] = Now(content => new() { ["status"] = "ok", ["restart"] = content.Flag("restart", false) }),
        ["is_complete_request"] = Now(content => Completeness.Reply(content.Text("code"))),
        ["complete_request"] = new Completions(session.Language).ReplyAsync,
        ["inspect_request"] = new Inspections(session.Language).ReplyAsync,
        ["history_request"] = Now(history.Reply),
        ["comm_info_request"] = Now(comms.Info),
        ["comm_open"] = comms.OpenedAsync,
        ["comm_msg"] = comms.ReceivedAsync,
        ["comm_close"] = comms.ClosedAsync,
        ["debug_request"] = Now(NoDebugger.Reply),
    };

    private static RequestHandler Now(Func<JsonObject, JsonObject> reply) => request => Task.FromResult<JsonObject?>(reply(request.Content));
}
