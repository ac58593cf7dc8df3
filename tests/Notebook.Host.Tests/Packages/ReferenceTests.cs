using Attn.Host.Tests.Session;

namespace Attn.Host.Tests.Packages;

public sealed class ReferenceTests : SessionTests
{
    private readonly PackageFeed _feed = new();

    // A configured source may be out of reach where tests run; the feed must be the only one asked.
    private void UseFeedAlone()
    {
        File.WriteAllText(Path.Combine(_feed.Folder, "NuGet.Config"), "<configuration><packageSources><clear /></packageSources></configuration>");
        Session.WorkingDirectory = _feed.Folder;
    }

    [Fact]
    public async Task Packages_come_with_their_dependencies_twice_in_a_session()
    {
        UseFeedAlone();
        var (leaf, top, other) = (_feed.NewId("Leaf"), _feed.NewId("Top"), _feed.NewId("Other"));
        _feed.Pack(leaf, "1.2.0", "public static class Leaf { public static int Value => 20; }");
        _feed.Pack(leaf, "1.3.0", "public static class Leaf { public static int Value => 30; }");
        _feed.Pack(top, "1.0.0", "public static class Top { public static int Value => 1; }");
        _feed.Pack(top, "2.0.0", "public static class Top { public static int Value => 2; }", $"""<dependency id="{leaf}" version="1.1.0" />""");
        _feed.Pack(top, "3.0.0-beta", "public static class Top { public static int Value => 3; }");
        _feed.Pack(other, "0.1.0", "public static class Other { public static int Value => 5; }");

        // The newest stable top, and of the leaf the lowest that will do.
        Assert.Equal("22", await RunAsync($"#i \"nuget: {_feed.Folder}\"\n#r \"nuget: {top}\"\nTop.Value + Leaf.Value"));
        Assert.Contains($"Package {top} 2.0.0 is ready, with 1 that it needs.", Output.Out, StringComparison.Ordinal);
        Assert.Equal("27", await RunAsync($"var before = Top.Value + Leaf.Value;\n#r \"nuget: {other}, 0.1.0\"\nbefore + Other.Value"));
        Assert.Equal("5", await RunAsync($"#r \"nuget:{other}\"\nOther.Value"));

        var clash = await FailAsync($"#r \"nuget: {top}, [1.0.0]\"");
        Assert.Contains($"{top} 2.0.0 is in use", clash.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Native_libraries_are_found_by_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library that is borrowed for the test is Linux's");
        UseFeedAlone();
        var id = _feed.NewId("Native");
        var native = $"borrowed{Guid.NewGuid():N}";
        var existing = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so");
        _feed.Pack(id, "1.0.0", $$"""
            using System.Runtime.InteropServices;
            public static class Native { [DllImport("{{native}}", EntryPoint = "SystemNative_GetPid")] public static extern int Pid(); }
            """, "", ($"runtimes/linux-x64/native/lib{native}.so", existing));
        Assert.Equal(Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            await RunAsync($"#i \"nuget: {_feed.Folder}\"\n#r \"nuget: {id}, 1.0.0\"\nNative.Pid()"));
        await RunAsync($"System.Runtime.InteropServices.NativeLibrary.Load(\"{native}\", typeof(Native).Assembly, null);");
    }

    [Fact]
    public async Task What_the_program_brings_is_not_restored()
    {
        UseFeedAlone();
        await RunAsync("#r \"nuget: Attn.Kernels\"\n#r \"nuget: Attn.Notebook, *-*\"\n#r \"nuget: TorchSharp-cpu, 0.107.0\"");
        Assert.Empty(Output.Out);
        await RunAsync("#r \"nuget: TorchSharp, 0.90.0\"");
        Assert.Empty(Output.Out);
        await RunAsync("#r \"nuget: TorchSharp, [0.90.0]\"");
        Assert.Contains("TorchSharp 0.107.0 is used", Output.Out, StringComparison.Ordinal);
        Assert.Equal("\"<p>x</p>\\n\"", await RunAsync("#r \"nuget: Markdig\"\nSystem.Text.Json.JsonSerializer.Serialize(Markdig.Markdown.ToHtml(\"x\"), new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })"));
    }

    [Fact]
    public async Task What_is_not_to_be_had_is_said_clearly()
    {
        UseFeedAlone();
        var missing = _feed.NewId("Missing");
        Assert.Contains("no source is configured", (await FailAsync($"#r \"nuget: {missing}\"")).Message, StringComparison.Ordinal);

        var error = await FailAsync($"\n#i \"nuget: .\"\n#r \"nuget: {missing}, 1.0.0\"");
        Assert.Equal(("DirectiveError", 3), (error.Name, error.Line));
        Assert.Contains($"package '{missing}' was not found in:\n  {_feed.Folder}", error.Message, StringComparison.Ordinal);

        var old = _feed.NewId("Old");
        _feed.Pack(old, "1.0.0", "public class C { }");
        Assert.Contains("there are 1.0.0 in", (await FailAsync($"#r \"nuget: {old}, 2.0.0\"")).Message, StringComparison.Ordinal);

        Assert.Contains("is not a version", (await FailAsync($"#r \"nuget: {old}, newest\"")).Message, StringComparison.Ordinal);
        Assert.Contains("no folder", (await FailAsync("#i \"nuget: nowhere\"")).Message, StringComparison.Ordinal);
        Assert.Contains("is not understood", (await FailAsync("#r nuget")).Message, StringComparison.Ordinal);

        // Nothing listens on port 1.
        var unreachable = await FailAsync($"#i \"nuget: http://127.0.0.1:1/index.json\"\n#r \"nuget: {missing}\"");
        Assert.Contains("127.0.0.1:1", unreachable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_found_relative_to_the_notebook()
    {
        UseFeedAlone();
        var name = _feed.NewId("Local");
        await File.WriteAllBytesAsync(Path.Combine(_feed.Folder, name + ".dll"),
            PackageFeed.Compile(name, "public static class Local { public static int Value => 11; }"), TestContext.Current.CancellationToken);
        Assert.Equal("11", await RunAsync($"#r \"{name}.dll\"\nLocal.Value"));
        Assert.Contains("no file", (await FailAsync("#r \"absent.dll\"")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_file_needs_is_found_beside_it()
    {
        UseFeedAlone();
        var (name, near) = (_feed.NewId("Local"), _feed.NewId("Near"));
        var neighbour = PackageFeed.Compile(near, "public static class Near { public static int Value => 12; }");
        await File.WriteAllBytesAsync(Path.Combine(_feed.Folder, near + ".dll"), neighbour, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(Path.Combine(_feed.Folder, name + ".dll"),
            PackageFeed.Compile(name, "public static class Local { public static int Value => Near.Value + 1; }", neighbour), TestContext.Current.CancellationToken);
        Assert.Equal("13", await RunAsync($"#r \"{name}.dll\"\nLocal.Value"));
    }

    protected override void DisposeFiles() => _feed.Dispose();
}
