namespace Attn.Kernels.Torch;

/// <summary>One place where libtorch was looked for: its folder, how it came into question, and what is missing there.</summary>
/// <param name="Origin">Why this folder was tried, in words for a person.</param>
/// <param name="Folder">The folder that should hold libtorch.</param>
/// <param name="Missing">What the folder lacks; empty when it can serve.</param>
public sealed record LibTorchCandidate(string Origin, string Folder, string Missing)
{
    /// <summary>The library with libtorch's operations on the CPU.</summary>
    internal const string Core = "libtorch_cpu.so";

    /// <summary>Whether the folder has every library that is needed.</summary>
    public bool CanServe => Missing.Length == 0;

    internal static LibTorchCandidate Probe(string origin, string folder)
    {
        if (!Directory.Exists(folder))
            return new(origin, folder, "no such folder");
        var missing = Libraries(folder).Where(name => !File.Exists(Path.Combine(folder, name))).ToArray();
        return new(origin, folder, string.Join(", ", missing.Select(name => $"no {name}")));
    }

    /// <summary>The libraries to load from a libtorch folder, in the order of their dependencies.</summary>
    internal static IReadOnlyList<string> Libraries(string folder)
    {
        var cuda = File.Exists(Path.Combine(folder, "libtorch_cuda.so"));
        return cuda
            ? ["libc10.so", Core, "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so"]
            : ["libc10.so", Core, "libtorch.so"];
    }
}
