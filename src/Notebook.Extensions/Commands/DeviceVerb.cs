using System.CommandLine;
using Attn.Kernels.Torch;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn device</c></summary>
internal sealed class DeviceVerb : IVerb
{
    public string Example => "device";

    public Command Create(CommandContext context)
    {
        var command = new Command("device", "Show what computes: processor, GPU, libtorch.");
        command.SetAction(_ =>
        {
            var status = LibTorch.EnsureLoaded();
            context.Say($"processor  {Environment.ProcessorCount} cores, {get_num_threads()} threads for tensors, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB of memory");
            context.Say($"GPU        {(cuda.is_available() ? $"{cuda.device_count()} CUDA device(s)" : "none that libtorch can use")}");
            context.Say($"libtorch   {status.Chosen?.Folder ?? "found by TorchSharp"}{(status.IsBindingPatched ? ", binding patched for this libstdc++" : "")}");
        });
        return command;
    }
}
