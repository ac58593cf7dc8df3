using System.Runtime.InteropServices;

namespace Attn.Kernels.Torch;

/// <summary>
/// Keeps numbers alive while libtorch reads them. TorchSharp turns the 2 of <c>x * 2</c> into an object that nothing holds during the native
/// call: a collection asked for by another thread finalises it, and libtorch reads freed memory ('Unknown scalar type', or a wrong number).
/// Here the binding's own <c>THSTorch_dispose_scalar</c> is redirected to one that frees a number some time after it was let go: longer than
/// libtorch takes from the call to the reading.
/// </summary>
/// <remarks>On Linux x64 only. A system that forbids a process to write its own code is left as it is.</remarks>
internal static unsafe class ScalarGuard
{
    private const string Entry = "THSTorch_dispose_scalar";

    // Libtorch reads a scalar within microseconds of the call; the rest is for a thread that a busy machine takes off its core meanwhile.
    private const int GraceMilliseconds = 500;

    // test rdi, rdi; je: the start of the function this was written for. One that begins otherwise is another binding's, or redirected already.
    private static readonly byte[] Expected = [0x48, 0x85, 0xff, 0x74];

    private static readonly Lock Gate = new();
    private static readonly Queue<(nint Scalar, long Since)> LetGo = new();
    private static delegate* unmanaged<void*, void> _delete;

    /// <summary>Redirects the function in <paramref name="binding"/>, a loaded library; false where that cannot be done.</summary>
    public static bool TryInstall(nint binding)
    {
        if (!NativeLibrary.TryGetExport(binding, Entry, out var function)
            || !NativeLibrary.TryLoad("libstdc++.so.6", out var runtime)
            || !NativeLibrary.TryGetExport(runtime, "_ZdlPv", out var delete)
            || !new ReadOnlySpan<byte>((void*)function, Expected.Length).SequenceEqual(Expected))
            return false;

        _delete = (delegate* unmanaged<void*, void>)delete;
        delegate* unmanaged<void*, void> replacement = &Dispose;
        return CodePatch.TryWrite(function, CodePatch.Jump((nint)replacement));
    }

    // Called by the finaliser: what one collection finds is freed by a later one's calls.
    [UnmanagedCallersOnly]
    private static void Dispose(void* scalar)
    {
        if (scalar is null)
            return;
        lock (Gate)
        {
            var now = Environment.TickCount64;
            LetGo.Enqueue(((nint)scalar, now));
            while (LetGo.Peek().Since + GraceMilliseconds < now)
                _delete((void*)LetGo.Dequeue().Scalar);
        }
    }
}
