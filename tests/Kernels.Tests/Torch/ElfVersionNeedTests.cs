using Attn.Kernels.Torch;
using CsCheck;

namespace Attn.Kernels.Tests.Torch;

public class ElfVersionNeedTests
{
    private static readonly byte[] Binding = File.ReadAllBytes(TorchFiles.Binding);

    [Fact]
    public void The_binding_has_one_requirement_to_weaken_and_two_bytes_change()
    {
        var bytes = Binding.ToArray();
        Assert.Equal(1, ElfVersionNeed.MakeWeak(bytes, CppRuntime.RequiredVersion));
        var changed = bytes.Zip(Binding).Count(pair => pair.First != pair.Second);
        Assert.InRange(changed, 1, 2);
    }

    [Fact]
    public void A_version_that_is_not_asked_for_leaves_the_file_alone()
    {
        var bytes = Binding.ToArray();
        Assert.Equal(0, ElfVersionNeed.MakeWeak(bytes, "GLIBCXX_9.9.99"));
        Assert.Equal(Binding, bytes);
    }

    [Fact]
    public void What_is_no_elf_file_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => ElfVersionNeed.MakeWeak([], "X"));
        Assert.Throws<InvalidDataException>(() => ElfVersionNeed.MakeWeak("#!/bin/sh"u8.ToArray(), "X"));
        Assert.Throws<InvalidDataException>(() => ElfVersionNeed.MakeWeak(new byte[200], "X"));
    }

    /// <summary>A file cut anywhere, or with damaged headers, is refused or read, and never hangs or throws anything else.</summary>
    [Fact]
    public void A_damaged_file_never_does_worse_than_be_refused()
    {
        Gen.Int[64, Binding.Length].Select(Gen.Int[0, 63], Gen.Byte).Sample(
            (length, at, value) =>
            {
                var bytes = Binding[..length];
                bytes[Math.Max(6, at)] = value;
                try
                {
                    ElfVersionNeed.MakeWeak(bytes, CppRuntime.RequiredVersion);
                }
                catch (InvalidDataException)
                {
                }
            },
            iter: 200);
    }
}
