using System.Collections.Concurrent;

namespace Attn.Kernels.Cuda;

/// <summary>A compiled source, loaded into the current context: compiled once for each architecture and set of macros, and kept.</summary>
internal sealed class CudaModule
{
    private static readonly ConcurrentDictionary<(nint Context, string Resource, string Defines), Lazy<CudaModule>> Loaded = new();

    // All of them go to the compiler, which takes those that a source includes.
    private static readonly Lazy<SortedDictionary<string, string>> Headers = new(() => new(
        typeof(CudaModule).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".cuh", StringComparison.Ordinal)).ToDictionary(name => name, Source)));

    private readonly ConcurrentDictionary<(string Name, int SharedBytes), CudaKernel> _kernels = new();
    private readonly nint _handle;

    private CudaModule(byte[] image) => NativeMethods.ThrowIfFailed(NativeMethods.cuModuleLoadData(out _handle, image), nameof(NativeMethods.cuModuleLoadData));

    /// <summary>The module of an embedded source for the current device.</summary>
    /// <param name="resource">The file's name, such as <c>FixedDecay.cu</c>.</param>
    /// <param name="defines">Macros, such as <c>D=128</c>.</param>
    /// <exception cref="CudaException">It does not compile, or the driver refuses it.</exception>
    public static CudaModule Of(string resource, params string[] defines)
    {
        var device = CudaDevice.Current();
        NativeMethods.ThrowIfFailed(NativeMethods.cuCtxGetCurrent(out var context), nameof(NativeMethods.cuCtxGetCurrent));
        return Loaded.GetOrAdd((context, resource, string.Join(' ', defines)), static (key, architecture) => new(() => new(Nvrtc.Compile(
            Source(key.Resource), key.Resource, architecture, key.Defines.Split(' ', StringSplitOptions.RemoveEmptyEntries), Headers.Value, CubinCache.Default))),
            device.Architecture).Value;
    }

    /// <summary>A kernel of the module.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="sharedBytes">Dynamic shared memory of a block, bytes.</param>
    public CudaKernel Kernel(string name, int sharedBytes = 0) =>
        _kernels.GetOrAdd((name, sharedBytes), static (key, module) => module.Find(key.Name, key.SharedBytes), this);

    private CudaKernel Find(string name, int sharedBytes)
    {
        const int MaxDynamicSharedBytes = 8;
        NativeMethods.ThrowIfFailed(NativeMethods.cuModuleGetFunction(out var function, _handle, name), nameof(NativeMethods.cuModuleGetFunction));
        if (sharedBytes > 48 << 10)
            NativeMethods.ThrowIfFailed(NativeMethods.cuFuncSetAttribute(function, MaxDynamicSharedBytes, sharedBytes), nameof(NativeMethods.cuFuncSetAttribute));
        return new(function, name, sharedBytes);
    }

    private static string Source(string resource)
    {
        using var stream = typeof(CudaModule).Assembly.GetManifestResourceStream(resource)
            ?? throw new CudaException($"{resource} is not embedded in {typeof(CudaModule).Assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
