using System.Text.Json.Nodes;
using Attn.Host.Jupyter;
using Attn.Host.Tests.Session;
using Attn.Tests;

namespace Attn.Host.Tests.Jupyter;

/// <summary><c>jupyter console</c> on a terminal; <c>console.py</c> types.</summary>
[Collection(SessionCollection.Name)]
public sealed class ConsoleTests
{
    [Fact]
    public void A_person_runs_completes_interrupts_answers_and_leaves()
    {
        DebianJupyter.Need("jupyter_console", "pexpect");
        using var jupyter = new DebianJupyter();
        var start = jupyter.Start(DebianJupyter.Python, DebianJupyter.Script("console.py"), KernelSpec.Name);
        (start.Environment["TERM"], start.Environment["PROMPT_TOOLKIT_NO_CPR"]) = ("xterm-256color", "1");
        var (code, output, error) = Processes.Run(start);
        Assert.True(code == 0, output + error);
        var seen = (JsonObject)JsonNode.Parse(output)!;
        Assert.All(seen, scene => Assert.NotEqual("false", scene.Value!.ToString()));
        Assert.InRange((double)seen["seconds"]!, 0, 2);
    }
}
