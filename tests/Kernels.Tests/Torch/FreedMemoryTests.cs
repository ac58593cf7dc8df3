using System.Collections;
using Attn.Kernels.Torch;

namespace Attn.Kernels.Tests.Torch;

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
}
