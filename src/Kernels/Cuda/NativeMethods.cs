using System.Reflection;
using System.Runtime.InteropServices;
using Attn.Kernels.Torch;

namespace Attn.Kernels.Cuda;

/// <summary>The functions of the CUDA driver and of NVRTC that are used here, and where their libraries are.</summary>
internal static unsafe partial class NativeMethods
{
    private const string Driver = "attn-cuda-driver";
    private const string Compiler = "attn-nvrtc";

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    [LibraryImport(Driver)]
    public static partial int cuGetErrorName(int status, byte** name);

    [LibraryImport(Driver)]
    public static partial int cuCtxGetCurrent(out nint context);

    [LibraryImport(Driver)]
    public static partial int cuCtxGetDevice(out int device);

    [LibraryImport(Driver)]
    public static partial int cuDeviceGetAttribute(out int value, int attribute, int device);

    [LibraryImport(Driver)]
    public static partial int cuModuleLoadData(out nint module, byte[] image);

    [LibraryImport(Driver, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int cuModuleGetFunction(out nint function, nint module, string name);

    [LibraryImport(Driver)]
    public static partial int cuFuncSetAttribute(nint function, int attribute, int value);

    [LibraryImport(Driver)]
    public static partial int cuLaunchKernel(
        nint function, uint gridX, uint gridY, uint gridZ, uint blockX, uint blockY, uint blockZ, uint sharedBytes, nint stream, void** arguments, void** extra);

    [LibraryImport(Driver)]
    public static partial int cuTensorMapEncodeTiled(
        void* map, int dtype, uint rank, nint address, ulong* sizes, ulong* strides, uint* box, uint* elementStrides, int interleave, int swizzle, int promotion, int fill);

    [LibraryImport(Driver)]
    public static partial int cuEventCreate(out nint instance, uint flags);

    [LibraryImport(Driver)]
    public static partial int cuEventRecord(nint instance, nint stream);

    [LibraryImport(Driver)]
    public static partial int cuEventSynchronize(nint instance);

    [LibraryImport(Driver, EntryPoint = "cuEventElapsedTime_v2")]
    public static partial int cuEventElapsedTime(out float milliseconds, nint start, nint end);

    [LibraryImport(Driver, EntryPoint = "cuEventDestroy_v2")]
    public static partial int cuEventDestroy(nint instance);

    [LibraryImport(Compiler)]
    public static partial int nvrtcVersion(out int major, out int minor);

    [LibraryImport(Compiler, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int nvrtcCreateProgram(out nint program, string source, string name, int headers, string[] headerTexts, string[] headerNames);

    [LibraryImport(Compiler)]
    public static partial int nvrtcDestroyProgram(ref nint program);

    [LibraryImport(Compiler, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int nvrtcCompileProgram(nint program, int count, string[] options);

    [LibraryImport(Compiler)]
    public static partial int nvrtcGetProgramLogSize(nint program, out nuint size);

    [LibraryImport(Compiler)]
    public static partial int nvrtcGetProgramLog(nint program, byte[] log);

    [LibraryImport(Compiler)]
    public static partial int nvrtcGetCUBINSize(nint program, out nuint size);

    [LibraryImport(Compiler)]
    public static partial int nvrtcGetCUBIN(nint program, byte[] cubin);

    /// <summary>Throws when a driver call did not succeed.</summary>
    public static void ThrowIfFailed(int status, string call)
    {
        if (status == 0)
            return;
        byte* name = null;
        var known = cuGetErrorName(status, &name) == 0 ? Marshal.PtrToStringUTF8((nint)name) : null;
        throw new CudaException($"{call} gave {known ?? "status"} ({status}), needs 0.");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        var file = name switch
        {
            Driver => CudaLibraries.FindDriver(),
            Compiler => CudaLibraries.FindNvrtc(LibTorch.Status?.Chosen?.Folder),
            _ => null,
        };
        return file is null ? 0 : NativeLibrary.Load(file);
    }
}
