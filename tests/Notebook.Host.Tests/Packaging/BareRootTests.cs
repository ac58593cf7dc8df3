using System.Diagnostics;
using Attn.Host.Tests.Session;
using Attn.Tests;

namespace Attn.Host.Tests.Packaging;

/// <summary>The steps of <c>binder/install.sh</c> on a root that has nothing yet. It takes many minutes, root and a network, and so it is asked for.</summary>
[Collection(SessionCollection.Name)]
public sealed class BareRootTests
{
    // A release and its mirror, as binder/try.sh takes them.
    private const string Root = "ATTN_BARE_ROOT";

    [Fact]
    public void Everything_that_a_container_needs_installs()
    {
        var root = Environment.GetEnvironmentVariable(Root);
        Assert.SkipWhen(string.IsNullOrEmpty(root), $"not run: {Root} names no release and mirror");
        using var process = Process.Start(
            new ProcessStartInfo(Path.Combine(AttnProgram.Repository, "binder/try.sh"), root!.Split(' ')) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.True(process.ExitCode == 0, said);
    }
}
