namespace Attn.Kernels.Torch;

/// <summary>The outcome of loading libtorch.</summary>
/// <param name="Chosen">The libtorch that was loaded; null when none was.</param>
/// <param name="Binding">The path of TorchSharp's binding that was loaded (the original, or a patched copy of it).</param>
/// <param name="Tried">Every place that was looked at, in order.</param>
/// <param name="Failure">Null on success; else one message that says what was tried and what to do.</param>
public sealed record LibTorchStatus(
    LibTorchCandidate? Chosen, string? Binding, IReadOnlyList<LibTorchCandidate> Tried, string? Failure)
{
    /// <summary>Whether the binding is the cached copy that fits an older libstdc++.</summary>
    public bool IsBindingPatched => Binding is not null && Path.GetFileName(Binding) != CppRuntime.BindingName;

    internal static LibTorchStatus LeftToTorchSharp { get; } = new(null, null, [], null);

    internal static LibTorchStatus Failed(IReadOnlyList<LibTorchCandidate> tried, string failure) => new(null, null, tried, failure);
}
