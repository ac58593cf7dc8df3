using System.Diagnostics;
using Attn.Host.Tests.Session;
using Attn.Tests;

namespace Attn.Host.Tests.Packaging;

/// <summary>The steps of <c>binder/install.sh</c> on a root that has nothing yet. It takes many minutes, root and a network, and so it is asked for.</summary>
[Collection(SessionCollection.Name)]
public sealed class BareRootTests
{
    private const string Release = "ATTN_BARE_ROOT";

    [Fact]
    public void Everything_that_a_container_needs_installs()
    {
        var release = Environment.GetEnvironmentVariable(Release);
        Assert.SkipWhen(string.IsNullOrEmpty(release), $"not run: {Release} names no release, such as noble");
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(AttnProgram.Repository, "binder/try.sh"), [release!]) { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.True(process.ExitCode == 0, said);
    }
}
