using Attn.Host.Packages;
using Attn.Tests;
using NuGet.Packaging;

namespace Attn.Host.Tests.Packages;

/// <summary>The packages that other hosts load.</summary>
public sealed class LocalFeedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Notebooks_load_one_package_that_brings_all_it_needs_in_the_versions_in_use()
    {
        var written = LocalFeed.Write(_folder.Location);
        Assert.Equal(["Attn.Notebook", "Attn.Experiments", "Attn.Kernels", "Attn.Theory"], written.Select(package => package.Id));
        Assert.Equal(written.Select(package => $"{package}.nupkg").Order(), Directory.GetFiles(_folder.Location).Select(Path.GetFileName).Order());

        using var notebook = Open("Attn.Notebook");
        var needs = Assert.Single(notebook.GetPackageDependencies()).Packages.ToDictionary(need => need.Id, need => need.VersionRange.MinVersion!);
        Assert.Superset(new HashSet<string> { "Attn.Kernels", "Attn.Theory", "Attn.Experiments", "TorchSharp", "Plotly.NET", "System.CommandLine" }, needs.Keys.ToHashSet());
        Assert.All(needs.Where(need => !need.Key.StartsWith("libtorch", StringComparison.Ordinal)), need => Assert.Equal(HostPackages.Find(need.Key)!.Identity.Version, need.Value));
        // The kernel has its own, and one process has one registry of formatters.
        Assert.DoesNotContain("Microsoft.DotNet.Interactive.Formatting", needs.Keys);
        if (OperatingSystem.IsLinux())
            Assert.Contains("libtorch-cpu-linux-x64", needs.Keys);
    }

    [Fact]
    public void The_adapter_lies_where_dotnet_interactive_looks()
    {
        LocalFeed.Write(_folder.Location);
        using var notebook = Open("Attn.Notebook");
        using var packed = new StreamReader(notebook.GetStream("interactive-extensions/dotnet/extension.dib"));
        Assert.Equal(File.ReadAllText(Path.Combine(AttnProgram.Repository, "src/Notebook.Extensions/interactive-extensions/dotnet/extension.dib")), packed.ReadToEnd());
        Assert.Contains("lib/net10.0/Attn.Notebook.dll", notebook.GetFiles());
        Assert.Contains("lib/net10.0/Attn.Notebook.xml", notebook.GetFiles());
    }

    [Fact]
    public void A_second_time_replaces_the_first()
    {
        LocalFeed.Write(_folder.Location);
        var first = Directory.GetFiles(_folder.Location).ToDictionary(path => path, path => new FileInfo(path).Length);
        LocalFeed.Write(_folder.Location);
        Assert.Equal(first, Directory.GetFiles(_folder.Location).ToDictionary(path => path, path => new FileInfo(path).Length));
    }

    private PackageArchiveReader Open(string id) => new(Assert.Single(Directory.GetFiles(_folder.Location, $"{id}.*.nupkg")));
}
