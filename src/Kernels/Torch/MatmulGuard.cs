using System.Runtime.InteropServices;

namespace Attn.Kernels.Torch;

/// <summary>
/// Has a failing <c>matmul</c> throw. TorchSharp's binding catches libtorch's errors in nearly all of its functions, but not in
/// <c>THSTensor_matmul</c>: two shapes that do not fit end the process. Its <c>THSTensor_mm</c> has the same arguments and catches, so matmul goes
/// through it: with the lowest bit of the left tensor's address set, by which the call of at::mm inside is told to be one of at::matmul.
/// </summary>
/// <remarks>On Linux x64 only, and for the binding that this was written for; another one is left as it is.</remarks>
internal static unsafe class MatmulGuard
{
    // Where THSTensor_mm calls at::mm, after lea rdi, [rsp+8]; mov rsi, r15; mov rdx, r14.
    private const int CallOffset = 0x57;
    private static readonly byte[] BeforeCall = [0x48, 0x8d, 0x7c, 0x24, 0x08, 0x4c, 0x89, 0xfe, 0x4c, 0x89, 0xf2, 0xe8];

    // THSTensor_matmul from its entry to its call of operator new, and from its return on: what is written over is all its own.
    private static readonly byte[] Entry = [0x41, 0x57, 0x41, 0x56, 0x53, 0x49, 0x89, 0xf6, 0x49, 0x89, 0xff, 0xbf, 0x08, 0x00, 0x00, 0x00, 0xe8];

    private const int ReturnOffset = 0x26;
    private static readonly byte[] Return = [0x48, 0x89, 0xd8, 0x5b, 0x41, 0x5e, 0x41, 0x5f, 0xc3, 0x49, 0x89, 0xc6, 0xbe, 0x08, 0x00, 0x00, 0x00];

    /// <summary>Whether a failing matmul throws.</summary>
    public static bool IsInstalled { get; private set; }

    /// <summary>Changes both functions in <paramref name="binding"/>, a loaded library over <paramref name="libtorch"/>; false where that cannot be done.</summary>
    public static bool TryInstall(nint binding, nint libtorch)
    {
        if (!NativeLibrary.TryGetExport(binding, "THSTensor_matmul", out var matmul)
            || !NativeLibrary.TryGetExport(binding, "THSTensor_mm", out var mm)
            || !NativeLibrary.TryGetExport(libtorch, "_ZN2at4_ops6matmul4callERKNS_6TensorES4_", out var atMatmul)
            || !NativeLibrary.TryGetExport(libtorch, "_ZN2at4_ops2mm4callERKNS_6TensorES4_", out var atMm)
            || !Begins(matmul, Entry)
            || !Begins(matmul + ReturnOffset, Return)
            || !Begins(mm + CallOffset + 1 - BeforeCall.Length, BeforeCall))
            return false;

        byte[] mark = [0x48, 0x83, 0xcf, 0x01, .. CodePatch.Jump(mm)]; // or rdi, 1; on to THSTensor_mm
        byte[] marked = [0x48, 0x83, 0xe6, 0xfe, .. CodePatch.Jump(atMatmul)]; // and rsi, -2; on to at::matmul
        byte[] choose = [0x40, 0xf6, 0xc6, 0x01, 0x74, (byte)marked.Length, .. marked, .. CodePatch.Jump(atMm)]; // test sil, 1; jz
        var distance = matmul + mark.Length - (mm + CallOffset + 5);
        return IsInstalled = distance == (int)distance
            && CodePatch.TryWrite(matmul, [.. mark, .. choose])
            && CodePatch.TryWrite(mm + CallOffset + 1, BitConverter.GetBytes((int)distance));
    }

    private static bool Begins(nint address, byte[] code) => new ReadOnlySpan<byte>((void*)address, code.Length).SequenceEqual(code);
}
