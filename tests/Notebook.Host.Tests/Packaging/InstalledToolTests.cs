using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Attn.Host.Jupyter;
using Attn.Host.Tests.Jupyter;
using Attn.Host.Tests.Session;
using Attn.Tests;

namespace Attn.Host.Tests.Packaging;

/// <summary>The program as somebody has it who knows nothing of these sources: packed, installed by <c>dotnet tool install</c>, run in an empty folder.</summary>
[Collection(SessionCollection.Name)]
public sealed class InstalledToolTests : IDisposable
{
    private const int MostMegabytes = 80;

    private readonly TemporaryFolder _feed = new(), _tools = new();

    public void Dispose()
    {
        _feed.Dispose();
        _tools.Dispose();
    }

    [Fact]
    public void A_packed_tool_installs_and_works_anywhere()
    {
        var configuration = typeof(InstalledToolTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var rid = RuntimeInformation.RuntimeIdentifier;
        using var jupyter = new DebianJupyter(Path.Combine(_tools.Location, "attn"), () =>
        {
            Dotnet("pack", Path.Combine(AttnProgram.Repository, "src/Notebook.Host"), "-c", configuration, $"-p:ToolPackageRuntimeIdentifiers={rid}", "-o", _feed.Location);
            var package = Assert.Single(Directory.GetFiles(_feed.Location, $"attn.{rid}.*.nupkg"));
            Assert.InRange(new FileInfo(package).Length, 1 << 20, MostMegabytes << 20);
            using (var content = ZipFile.OpenRead(package))
                Assert.DoesNotContain(content.Entries, entry => entry.Name == "libtorch_cpu.so");
            Dotnet("tool", "install", "attn", "--tool-path", _tools.Location, "--source", _feed.Location, "--no-http-cache");
        });

        Assert.Contains("Ready.", Works(jupyter.Run(jupyter.Attn, "doctor")), StringComparison.Ordinal);
        // The command stays where it is in an update; the folder of a version does not.
        Assert.Contains($"* .net-csharp  C#: {jupyter.Attn}", Works(jupyter.Run(jupyter.Attn, "list-kernels")), StringComparison.Ordinal);

        NotebookFile.Write(jupyter.Folder, "one.ipynb", "torch.ones(2, 3).sum().item<float>()");
        Works(jupyter.Run(jupyter.Attn, "run", "one.ipynb"));
        Assert.Equal(["6"], NotebookFile.Outputs(jupyter.Folder["out/one.ipynb"]));

        DebianJupyter.Need("jupyter_client");
        var seen = JsonNode.Parse(Works(jupyter.Run(DebianJupyter.Python, DebianJupyter.Script("hello.py"), KernelSpec.Name)))!;
        Assert.Equal("6", seen["result"]!.ToString());
    }

    private void Dotnet(params string[] arguments) => Works(Processes.Run(new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
    {
        WorkingDirectory = _feed.Location,
        Environment = { ["MSBUILDDISABLENODEREUSE"] = "1" },
    }));

    private static string Works((int Code, string Out, string Error) ran)
    {
        Assert.True(ran.Code == 0, ran.Out + ran.Error);
        return ran.Out;
    }
}
