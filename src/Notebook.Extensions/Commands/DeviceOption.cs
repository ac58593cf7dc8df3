using System.CommandLine;
using System.CommandLine.Completions;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands;

/// <summary><c>--device cpu|cuda</c></summary>
internal static class DeviceOption
{
    public static Option<string> Create()
    {
        var option = new Option<string>("--device") { Description = "Where random tensors lie: cpu or cuda.", DefaultValueFactory = _ => "cpu" };
        option.CompletionSources.Add(_ => [new CompletionItem("cpu"), new CompletionItem("cuda")]);
        return option;
    }

    /// <exception cref="CommandException">Another name, or a GPU that is not there.</exception>
    public static Device Parse(string name) => name switch
    {
        "cpu" => CPU,
        "cuda" when cuda.is_available() => CUDA,
        "cuda" => throw new CommandException("--device: got cuda, but libtorch sees no GPU here; 'device' and 'attn doctor' say why."),
        _ => throw new CommandException($"--device: got '{name}', needs cpu or cuda."),
    };
}
