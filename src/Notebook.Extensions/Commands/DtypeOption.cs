using System.CommandLine;
using System.CommandLine.Completions;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands;

/// <summary><c>--dtype float32|float64|bfloat16|float16</c></summary>
internal static class DtypeOption
{
    private static readonly Dictionary<string, ScalarType> Names = new()
    {
        ["float32"] = ScalarType.Float32,
        ["float64"] = ScalarType.Float64,
        ["bfloat16"] = ScalarType.BFloat16,
        ["float16"] = ScalarType.Float16,
    };

    public static Option<string> Create()
    {
        var option = new Option<string>("--dtype") { Description = $"Dtype of random tensors: {string.Join(", ", Names.Keys)}.", DefaultValueFactory = _ => "float32" };
        option.CompletionSources.Add(_ => Names.Keys.Select(name => new CompletionItem(name)));
        return option;
    }

    /// <exception cref="CommandException">Another name.</exception>
    public static ScalarType Parse(string name) => Names.TryGetValue(name, out var dtype)
        ? dtype
        : throw new CommandException($"--dtype: no dtype '{name}'{Suggestion.Of(name, Names.Keys)}");
}
