using System.Text;

namespace Attn.Kernels.Cuda;

/// <summary>Compiles CUDA C++ at run time.</summary>
internal static class Nvrtc
{
    /// <summary>The machine code of a source, from the cache where it is there.</summary>
    /// <param name="source">CUDA C++; it may include the headers.</param>
    /// <param name="name">Its name in messages.</param>
    /// <param name="architecture">Such as <c>sm_90a</c>.</param>
    /// <param name="defines">Macros, such as <c>D=128</c>.</param>
    /// <param name="headers">Texts of headers by their names.</param>
    /// <param name="cache">The cache.</param>
    /// <exception cref="CudaException">The source does not compile; the message holds the compiler's log.</exception>
    public static byte[] Compile(string source, string name, string architecture, IReadOnlyList<string> defines, IReadOnlyDictionary<string, string> headers, CubinCache cache)
    {
        Check(NativeMethods.nvrtcVersion(out var major, out var minor), nameof(NativeMethods.nvrtcVersion));
        string[] options = [$"--gpu-architecture={architecture}", "--std=c++17", "-default-device", .. defines.Select(define => $"-D{define}")];
        return cache.GetOrAdd([source, $"{major}.{minor}", .. options, .. headers.Keys, .. headers.Values], () => Compile(source, name, options, headers));
    }

    private static byte[] Compile(string source, string name, string[] options, IReadOnlyDictionary<string, string> headers)
    {
        Check(NativeMethods.nvrtcCreateProgram(out var program, source, name, headers.Count, [.. headers.Values], [.. headers.Keys]), nameof(NativeMethods.nvrtcCreateProgram));
        try
        {
            if (NativeMethods.nvrtcCompileProgram(program, options.Length, options) is not 0 and var status)
                throw new CudaException($"{name} does not compile ({string.Join(' ', options)}; status {status}):\n{Log(program)}");
            Check(NativeMethods.nvrtcGetCUBINSize(program, out var size), nameof(NativeMethods.nvrtcGetCUBINSize));
            var image = new byte[size];
            Check(NativeMethods.nvrtcGetCUBIN(program, image), nameof(NativeMethods.nvrtcGetCUBIN));
            return image;
        }
        finally
        {
            NativeMethods.nvrtcDestroyProgram(ref program);
        }
    }

    private static string Log(nint program)
    {
        if (NativeMethods.nvrtcGetProgramLogSize(program, out var size) != 0 || size < 2)
            return "no log";
        var log = new byte[size];
        return NativeMethods.nvrtcGetProgramLog(program, log) == 0 ? Encoding.UTF8.GetString(log, 0, log.Length - 1) : "no log";
    }

    private static void Check(int status, string call)
    {
        if (status != 0)
            throw new CudaException($"{call} gave status {status}, needs 0.");
    }
}
