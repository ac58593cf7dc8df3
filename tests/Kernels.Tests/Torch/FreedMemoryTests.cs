using System.Collections;
using System.Runtime.InteropServices;
using Attn.Kernels.Torch;
using Attn.Tests;

namespace Attn.Kernels.Tests.Torch;

[Collection(AloneCollection.Name)]
public class FreedMemoryTests
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
        var (kept, left) = (0.0, 0.0);
        var thread = new Thread(() =>
        {
            var before = Megabytes();
            Fill(16);
            kept = Megabytes() - before;
            FreedMemory.GiveBack();
            left = Megabytes() - before;
        });
        thread.Start();
        thread.Join();
        Assert.True(kept > 12, $"{kept} MiB kept");
        Assert.True(left < 4, $"{left} MiB left");
    }

    private static unsafe void Fill(int megabytes)
    {
        var blocks = new nint[megabytes];
        for (var i = 0; i < megabytes; i++)
        {
            blocks[i] = (nint)NativeMemory.Alloc(1 << 20);
            new Span<byte>((void*)blocks[i], 1 << 20).Fill(1);
        }
        foreach (var block in blocks)
            NativeMemory.Free((void*)block);
    }

    private static double Megabytes() => Environment.WorkingSet / (double)(1 << 20);
}
