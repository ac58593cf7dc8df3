namespace Attn.Notebook;

/// <summary>What every cell may name without qualification, so that a notebook's first cell is short; in every host the same.</summary>
public static class CellImports
{
    /// <summary>The namespaces.</summary>
    public static IReadOnlyList<string> Namespaces { get; } =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text", "System.Threading", "System.Threading.Tasks",
        "TorchSharp", "Attn.Kernels", "Attn.Experiments", "Attn.Notebook",
    ];

    /// <summary>Types whose static members need no qualification.</summary>
    public static IReadOnlyList<string> Statics { get; } = ["TorchSharp.torch"];

    /// <summary>The same as C#, one directive a line.</summary>
    public static string Code => string.Join('\n', Namespaces.Select(name => $"using {name};").Concat(Statics.Select(name => $"using static {name};")));
}
