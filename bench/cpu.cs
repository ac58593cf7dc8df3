// Speed on the CPU, as ratios of things measured side by side in one run: how time and memory grow with the tokens, what chunks gain over single
// tokens, and what tiles cost beside PyTorch's fused softmax.
//   dotnet run -c Release bench/cpu.cs
// One thread, float32, causal, B1 H8 D64. Figures are medians of processor times, which a busy machine disturbs little; those that are compared
// take turns.
#:project ../src/Experiments/Experiments.csproj
#:property PublishAot=false
#:property UsesTorch=true
#:property ConcurrentGarbageCollection=false
using Attn.Experiments;
using Attn.Kernels;
using Attn.Kernels.Torch;
using static TorchSharp.torch;

LibTorch.LoadWithTorchSharp();
set_num_threads(1);
using var inference = no_grad();

string[] linear = ["linear", "gated-linear", "lightning", "ssd", "retention"];
int[] lengths = [4096, 8192, 16384, 32768];

Console.WriteLine($"chunked, milliseconds (MiB above the inputs) at T = {string.Join(", ", lengths)}; time and memory at 2T over T, at most (target 2.2)");
foreach (var id in linear)
{
    var (row, form) = Chosen(id);
    var memory = Benchmark.Run([(row, form)], lengths, Shape(1), BenchmarkMode.Forward, causal: true, ScalarType.Float32, CPU, TimeSpan.FromMinutes(1))
        .Select(result => (result.PeakBytes ?? double.NaN) / (1 << 20)).ToArray();
    using var scope = NewDisposeScope();
    var times = Times([.. lengths.Select(length => (form, Inputs(row, length)))]);
    Console.WriteLine($"  {id,-16}{string.Join(", ", times.Zip(memory, (time, mib) => $"{time:0} ({mib:0})")),-52} {Worst(times),5:0.00} {Worst(memory),5:0.00}");
}

Console.WriteLine("\nrecurrent over chunked at T = 4096 (target at least 5)");
foreach (var id in linear)
{
    using var scope = NewDisposeScope();
    var (row, form) = Chosen(id);
    var inputs = Inputs(row, 4096);
    var times = Times([(form, inputs), (row.Form("recurrent"), inputs)]);
    Console.WriteLine($"  {id,-16}{times[0],6:0} ms {times[1],8:0} ms {times[1] / times[0],8:0.0}×");
}

Console.WriteLine("\nFlashAttention's tiles over PyTorch's fused softmax (target at most 1.3)");
foreach (var length in lengths[..2])
{
    using var scope = NewDisposeScope();
    var (tiles, softmax) = (Chosen("flash-attention"), Chosen("softmax"));
    var times = Times([(tiles.Form, Inputs(tiles.Row, length)), (softmax.Row.Form("sdpa"), Inputs(softmax.Row, length))]);
    Console.WriteLine($"  T = {length,-12}{times[0],6:0} ms {times[1],8:0} ms {times[0] / times[1],8:0.00}×");
}

(AttentionMechanism Row, AttentionForm Form) Chosen(string id) => (Catalog.Find(id), Catalog.Find(id).Form());

AttentionShape Shape(int length) => AttentionShape.Self(batch: 1, heads: 8, length, dim: 64);

AttentionInputs Inputs(AttentionMechanism row, int length) => AttentionInputs.Random(row, Shape(length), causal: true);

double[] Times(IReadOnlyList<(AttentionForm Form, AttentionInputs Inputs)> calls) => [.. Timing.Medians([.. calls.Select(call => (Action)(() =>
{
    using var scope = NewDisposeScope();
    call.Form.Run(call.Inputs);
}))], repeats: 5).Select(seconds => 1e3 * seconds)];

double Worst(double[] values) => values.Zip(values.Skip(1), (at, doubled) => doubled / at).Max();
