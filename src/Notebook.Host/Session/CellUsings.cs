namespace Attn.Host.Session;

/// <summary>The namespaces that every cell begins with, so that a notebook's first cell is short.</summary>
internal static class CellUsings
{
    public static IReadOnlyList<string> Default { get; } =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text", "System.Threading", "System.Threading.Tasks",
        "TorchSharp", "Attn.Kernels", "Attn.Experiments", "Attn.Notebook",
    ];

    /// <summary>Types whose static members need no qualification.</summary>
    public static IReadOnlyList<string> DefaultStatic { get; } = ["TorchSharp.torch", typeof(CellGlobals).FullName!];
}
