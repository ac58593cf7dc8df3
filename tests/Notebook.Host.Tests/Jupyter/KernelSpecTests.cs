using System.Text.Json.Nodes;
using Attn.Host.Jupyter;
using Attn.Tests;

namespace Attn.Host.Tests.Jupyter;

public sealed class KernelSpecTests : IDisposable
{
    private static readonly string[] Program = ["/a folder/attn"];
    private readonly TemporaryFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void It_takes_the_name_that_notebooks_ask_for()
    {
        var folder = KernelSpec.Install(_data.Location, Program);
        Assert.Equal(_data["kernels/.net-csharp"], folder);
        var spec = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!;
        Assert.Equal("""["/a folder/attn","kernel","{connection_file}"]""", spec["argv"]!.ToJsonString());
        Assert.Equal(("C#", "C#", "message"), (spec["display_name"]!.ToString(), spec["language"]!.ToString(), spec["interrupt_mode"]!.ToString()));
        Assert.Equal(["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal([0x89, 0x50, 0x4e, 0x47], File.ReadAllBytes(Path.Combine(folder, "logo-64x64.png"))[..4]);
    }

    [Fact]
    public void It_leaves_another_kernel_its_name()
    {
        Directory.CreateDirectory(_data["kernels/.net-csharp"]);
        File.WriteAllText(_data["kernels/.net-csharp/kernel.json"], """{"argv":["dotnet-interactive"]}""");
        Assert.Equal(_data["kernels/attn-csharp"], KernelSpec.Install(_data.Location, Program));
        Assert.Equal([_data["kernels/attn-csharp"]], KernelSpec.Uninstall(_data.Location));
        Assert.True(File.Exists(_data["kernels/.net-csharp/kernel.json"]));
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{\"metadata\":1}")]
    public void A_kernel_that_it_cannot_read_is_another(string text)
    {
        Directory.CreateDirectory(_data["kernels/.net-csharp"]);
        File.WriteAllText(_data["kernels/.net-csharp/kernel.json"], text);
        Assert.Equal(_data["kernels/attn-csharp"], KernelSpec.Install(_data.Location, Program));
    }

    [Fact]
    public void A_second_install_replaces_the_first_and_an_uninstall_leaves_nothing()
    {
        KernelSpec.Install(_data.Location, ["/old"]);
        var folder = KernelSpec.Install(_data.Location, Program);
        Assert.Equal("/a folder/attn", JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "kernel.json")))!["argv"]![0]!.ToString());
        Assert.Equal([folder], KernelSpec.Uninstall(_data.Location));
        Assert.Empty(Directory.GetDirectories(_data["kernels"]));
        Assert.Empty(KernelSpec.Uninstall(_data.Location));
    }

    [Fact]
    public void The_program_says_where_it_went()
    {
        var (code, output, error) = AttnProgram.Run("install", "--prefix", _data.Location);
        Assert.True(code == 0, error);
        Assert.Contains(_data["share/jupyter/kernels/.net-csharp"], output);
        Assert.Contains("Removed", AttnProgram.Run("uninstall", "--prefix", _data.Location).Out);
        Assert.Contains("Nothing of ours", AttnProgram.Run("uninstall", "--prefix", _data.Location).Out);
        Assert.Equal(2, AttnProgram.Run("install", "--user", "--prefix", _data.Location).Code);
    }

    [Fact]
    public void Kernels_are_listed_with_ours_marked()
    {
        using var jupyter = new DebianJupyter();
        var (code, output, error) = jupyter.Run(AttnProgram.Location, "list-kernels");
        Assert.True(code == 0, error);
        Assert.Matches(@"\* \.net-csharp +C#: .*attn, by ", output);
    }
}
