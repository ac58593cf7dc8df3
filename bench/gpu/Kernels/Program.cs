// Attn's CUDA kernels at the shapes of their targets, beside what peers took in the same run: a Markdown table.
//   attn-kernels [PEERS.json]     peers.py writes the file
//   attn-kernels --small [NAME]…  kernels once at small shapes and no times: compute-sanitizer --tool racecheck attn-kernels --small sigmoid window
using System.Globalization;
using System.Text.Json;
using Attn.Bench;
using Attn.Kernels.Cuda;
using Attn.Kernels.Torch;
using static TorchSharp.torch;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
LibTorch.LoadWithTorchSharp();
if (CudaKernels.Reason is { } reason)
{
    Console.Error.WriteLine($"attn-kernels: not run: {reason}");
    return 2;
}

if (args is ["--small", .. var names])
{
    foreach (var (name, run) in Trials.All().Where(trial => names.Length == 0 || names.Any(trial.Name.StartsWith)))
    {
        using var trial = NewDisposeScope();
        run();
        cuda.synchronize();
        Console.WriteLine(name);
    }
    return 0;
}

var peers = args is [var file]
    ? JsonSerializer.Deserialize<Dictionary<string, Dictionary<string, double>>>(File.ReadAllText(file))!
    : [];
using var inference = NewDisposeScope();
using var a = randn([8192, 8192], ScalarType.BFloat16, CUDA);
var best = 2 * Math.Pow(8192, 3) / CudaRounds.Median(() => mm(a, a)) / 1e9;
using var large = empty([1L << 30], ScalarType.BFloat16, CUDA);
using var copy = empty_like(large);
var copied = 4.0 * large.numel() / CudaRounds.Median(() => copy.copy_(large)) / 1e9;
Console.WriteLine($"matrix product of 8192³ {best:0} TFLOP/s, copy {copied:0.00} TB/s; medians of {CudaRounds.Count} rounds, by the GPU's clock\n");
Console.WriteLine("| kernel | ms | rate | of this GPU's best | best peer in this run | over it | target |");
Console.WriteLine("|---|---|---|---|---|---|---|");
var missed = 0;
foreach (var make in Cases.All())
{
    using var scope = NewDisposeScope();
    var x = make();
    var time = CudaRounds.Median(x.Run);
    var (rate, share) = x.Flops > 0
        ? ($"{x.Flops / time / 1e9:0} TFLOP/s", x.Flops / time / 1e9 / best)
        : ($"{x.Bytes / time / 1e9:0.00} TB/s", x.Bytes / time / 1e9 / copied);
    var peer = x.Peer is { } name && peers.TryGetValue(name, out var times) ? times.MinBy(pair => pair.Value) : default;
    var against = peer.Key is null ? "|" : $"{peer.Key} {peer.Value:0.000} ms | {peer.Value / time:0.00} ×";
    var target = x.Target is { } aim ? $"{(time <= aim ? "met" : "**missed**")} ({aim:0.000})" : "";
    missed += x.Target < time ? 1 : 0;
    Console.WriteLine($"| {x.Name} | {time:0.000} | {rate} | {share:0 %} | {against} | {target} |");
}

Console.WriteLine($"\nAsking for a kernel takes the host {Host.Microseconds(Cases.Smallest()):0.0} µs, tensors for the results included. Targets missed: {missed}.");
return 0;
