using System.Collections;
using System.Runtime.InteropServices;
using Attn.Kernels.Torch;
using Attn.Tests;

namespace Attn.Kernels.Tests.Torch;

[Collection(AloneCollection.Name)]
public partial class FreedMemoryTests
{
    [Fact]
    public void Glibc_takes_the_setting()
    {
        Assert.SkipUnless(File.Exists("/lib/x86_64-linux-gnu/libc.so.6") || File.Exists("/lib64/libc.so.6"), "needs glibc");
        Assert.True(FreedMemory.TryKeep(new Hashtable { ["PATH"] = "/bin", ["GLIBC_TUNABLES"] = "glibc.cpu.x86_shstk=off" }));
    }

    [Theory]
    [InlineData(FreedMemory.Variable, "default")]
    [InlineData("MALLOC_TRIM_THRESHOLD_", "131072")]
    [InlineData("MALLOC_ARENA_MAX", "2")]
    [InlineData("GLIBC_TUNABLES", "glibc.cpu.x86_shstk=off:glibc.malloc.trim_threshold=131072")]
    public void A_setting_of_the_users_own_is_left_alone(string name, string value) => Assert.False(FreedMemory.TryKeep(new Hashtable { [name] = value }));

    // Threads have heaps of their own, of which the system's malloc_trim leaves the end.
    [Fact]
    public void What_a_thread_has_freed_is_given_back()
    {
        Assert.SkipUnless(FreedMemory.TryKeep(Environment.GetEnvironmentVariables()), "needs glibc, and no setting of the user's own");
        var (kept, left) = (0, 0);
        var thread = new Thread(() =>
        {
            var blocks = Freed(16);
            kept = blocks.Sum(Resident);
            FreedMemory.GiveBack();
            left = blocks.Sum(Resident);
        });
        thread.Start();
        thread.Join();
        Assert.True(kept > 12 * PagesPerBlock, $"{kept} pages kept of {16 * PagesPerBlock}");
        Assert.True(left < 4 * PagesPerBlock, $"{left} pages left of {16 * PagesPerBlock}");
    }

    private const int BlockBytes = 1 << 20;

    private static int PagesPerBlock => BlockBytes / Environment.SystemPageSize;

    private static unsafe nint[] Freed(int count)
    {
        var blocks = new nint[count];
        for (var i = 0; i < count; i++)
        {
            blocks[i] = (nint)NativeMemory.Alloc(BlockBytes);
            new Span<byte>((void*)blocks[i], BlockBytes).Fill(1);
        }
        foreach (var block in blocks)
            NativeMemory.Free((void*)block);
        return blocks;
    }

    // The process's whole memory would not tell: the heap may have held what an earlier thread had freed, and .NET's own comes and goes.
    private static int Resident(nint block)
    {
        var page = Environment.SystemPageSize;
        var resident = new byte[BlockBytes / page];
        // Fails with ENOMEM where nothing is mapped any more.
        return Resident((block + page - 1) / page * page, (nuint)(BlockBytes - page), resident) == 0 ? resident.Count(flags => (flags & 1) != 0) : 0;
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static partial int Resident(nint address, nuint length, [Out] byte[] resident);
}
