using Attn.Kernels.Cuda;
using Attn.Tests;

namespace Attn.Kernels.Tests.Cuda;

/// <summary>Compiled kernels are kept by what they were made from, and no damaged file is ever used.</summary>
public class CubinCacheTests
{
    private static readonly byte[] Image = [1, 2, 3, 4, 5];

    [Fact]
    public void An_image_is_compiled_once_for_the_same_parts()
    {
        using var folder = new TemporaryFolder();
        var compiled = 0;
        byte[] Get(params string[] parts) => new CubinCache(folder.Location).GetOrAdd(parts, () => [(byte)++compiled, 9]);
        Assert.Equal([1, 9], Get("source", "sm_90a"));
        Assert.Equal([1, 9], Get("source", "sm_90a"));
        Assert.Equal([2, 9], Get("source", "sm_80"));
        Assert.Equal([3, 9], Get("sources", "m_90a"));
        Assert.Equal(3, compiled);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(32)]
    [InlineData(36)]
    public void A_file_that_was_cut_short_is_compiled_anew(int length)
    {
        using var folder = new TemporaryFolder();
        new CubinCache(folder.Location).GetOrAdd(["source"], () => Image);
        var file = Assert.Single(Directory.GetFiles(folder.Location));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..length]);
        Assert.Equal([7], new CubinCache(folder.Location).GetOrAdd(["source"], () => [7]));
        Assert.Equal([7], new CubinCache(folder.Location).GetOrAdd(["source"], () => Image));
    }

    [Fact]
    public void A_file_with_one_wrong_byte_is_compiled_anew()
    {
        using var folder = new TemporaryFolder();
        new CubinCache(folder.Location).GetOrAdd(["source"], () => Image);
        var file = Assert.Single(Directory.GetFiles(folder.Location));
        var bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Equal([7], new CubinCache(folder.Location).GetOrAdd(["source"], () => [7]));
    }

    [Fact]
    public void Many_at_once_all_get_the_image_and_leave_one_file()
    {
        using var folder = new TemporaryFolder();
        Parallel.For(0, 64, _ => Assert.Equal(Image, new CubinCache(folder.Location).GetOrAdd(["source"], () => Image)));
        Assert.Single(Directory.GetFiles(folder.Location));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_done_without()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Location, "a file");
        File.WriteAllText(file, "");
        Assert.Equal(Image, new CubinCache(Path.Combine(file, "cubin")).GetOrAdd(["source"], () => Image));
    }
}
