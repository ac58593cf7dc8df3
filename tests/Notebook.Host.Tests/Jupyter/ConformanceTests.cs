using System.Text.Json.Nodes;
using Attn.Host.Jupyter;

namespace Attn.Host.Tests.Jupyter;

/// <summary>The public conformance suite, <c>jupyter_kernel_test</c>: every test that it has, none skipped.</summary>
public sealed class ConformanceTests
{
    [Fact]
    public void Every_test_of_the_suite_passes()
    {
        DebianJupyter.Need("jupyter_client", "jupyter_kernel_test");
        using var jupyter = new DebianJupyter();
        var (code, output, error) = jupyter.Run(DebianJupyter.Python, DebianJupyter.Script("conformance.py"), KernelSpec.Name);
        Assert.True(code == 0, output + error);
        var seen = (JsonObject)JsonNode.Parse(output)!;
        Assert.InRange(seen.Count, 13, 100);
        Assert.All(seen, test => Assert.True(test.Value!.ToString() == "passed", $"{test.Key}: {test.Value}"));
    }
}
