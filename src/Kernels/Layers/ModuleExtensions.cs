using static TorchSharp.torch;

namespace Attn.Kernels;

internal static class ModuleExtensions
{
    /// <summary>
    /// Frees what a module holds of the scope that it is made in: it lives until it is disposed, as libtorch's own modules do. The last call of
    /// a constructor, after the components are registered.
    /// </summary>
    public static void Keep(this nn.Module module)
    {
        foreach (var parameter in module.parameters())
            parameter.DetachFromDisposeScope();
        foreach (var buffer in module.buffers())
            buffer.DetachFromDisposeScope();
    }
}
