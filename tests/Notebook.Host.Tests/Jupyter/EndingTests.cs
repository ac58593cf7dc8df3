using System.Text.Json.Nodes;
using Attn.Host.Jupyter;
using Attn.Host.Tests.Session;

namespace Attn.Host.Tests.Jupyter;

/// <summary>Cells that end the process; <c>ending.py</c> watches.</summary>
[Collection(SessionCollection.Name)]
public sealed class EndingTests
{
    [Fact]
    public void The_front_end_is_told_or_sees_it_at_once()
    {
        DebianJupyter.Need("jupyter_client");
        using var jupyter = new DebianJupyter();
        var (code, output, error) = jupyter.Run(DebianJupyter.Python, DebianJupyter.Script("ending.py"), KernelSpec.Name);
        Assert.True(code == 0, output + error);
        var seen = JsonNode.Parse(output)!;

        var exit = seen["exit"]!;
        Assert.Equal((false, 3), ((bool)exit["alive"]!, (int)exit["code"]!));
        Assert.Contains(Heard(exit, "stream"), content => content["text"]!.ToString().Contains("exit code 3", StringComparison.Ordinal));
        Assert.Contains(Heard(exit, "execute_reply"), content => content["payload"]!.ToJsonString().Contains("ask_exit", StringComparison.Ordinal));
        Assert.Contains(Heard(exit, "status"), content => content["execution_state"]!.ToString() == "idle");

        // Nothing can catch a stack overflow; the process must be gone and not hang.
        Assert.False((bool)seen["overflow"]!["alive"]!);
        Assert.NotEqual(0, (int)seen["overflow"]!["code"]!);
    }

    [Fact]
    public void A_shutdown_that_is_asked_for_again_and_again_is_one()
    {
        using var kernel = new KernelProcess();
        kernel.Run("var kept = 42;", "kept");
        kernel.Send(Channel.Shell, "execute_request", new() { ["code"] = "Thread.Sleep(300);" });
        foreach (var channel in (Channel[])[Channel.Shell, Channel.Control, Channel.Shell, Channel.Control])
            kernel.Send(channel, "shutdown_request", new() { ["restart"] = false });
        Assert.Equal(0, kernel.End());
    }

    private static IEnumerable<JsonNode> Heard(JsonNode scene, string type) =>
        ((JsonArray)scene["heard"]!).Where(message => message![0]!.ToString() == type).Select(message => message![1]!);
}
