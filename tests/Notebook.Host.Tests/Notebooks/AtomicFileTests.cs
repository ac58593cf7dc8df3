using Attn.Host.Notebooks;
using Attn.Tests;

namespace Attn.Host.Tests.Notebooks;

public class AtomicFileTests
{
    [Fact]
    public void A_file_is_replaced_whole_and_nothing_else_is_left()
    {
        using var folder = new TemporaryFolder();
        AtomicFile.Write(folder["a"], "one");
        AtomicFile.Write(folder["a"], "two");
        Assert.Equal("two", File.ReadAllText(folder["a"]));
        Assert.Single(Directory.GetFiles(folder.Location));
    }

    [Fact]
    public void A_write_that_fails_leaves_no_part()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["a"]);
        Assert.ThrowsAny<Exception>(() => AtomicFile.Write(folder["a"], "text"));
        Assert.Empty(Directory.GetFiles(folder.Location));
    }
}
