namespace Attn.Kernels.Torch;

/// <summary>Changes of machine code that is loaded, on Linux x64.</summary>
internal static class CodePatch
{
    /// <summary>mov rax, target; jmp rax</summary>
    public static byte[] Jump(nint target) => [0x48, 0xb8, .. BitConverter.GetBytes((long)target), 0xff, 0xe0];

    /// <summary>Writes <paramref name="code"/> where it is executed from; false on a system that forbids a process to write its own code.</summary>
    public static bool TryWrite(nint address, ReadOnlySpan<byte> code)
    {
        try
        {
            // This file writes to pages that are mapped read-only, too.
            using var memory = new FileStream("/proc/self/mem", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            memory.Position = address;
            memory.Write(code);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }
}
