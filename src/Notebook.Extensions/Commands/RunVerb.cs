using System.CommandLine;
using System.Diagnostics;
using Attn.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn run ID</c></summary>
internal sealed class RunVerb : IVerb
{
    private const int Runs = 5;

    public string Example => "run gated-linear --q q --k k --v v --out o";

    public Command Create(CommandContext context)
    {
        var arguments = new MechanismArguments(context);
        var form = new Option<string?>("--form") { Description = "The form to run, such as chunked; the mechanism's first when not given." };
        form.CompletionSources.Add(_ => Catalog.Rows.SelectMany(row => row.Forms).Select(f => f.Name).Distinct().Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        var result = new Option<string?>("--out") { Description = "Variable to put the output in." };
        var command = new Command("run", "Run a mechanism on your tensors, or on random ones; shows the output and the time.") { form, result };
        arguments.AddTo(command);
        command.SetAction(async (parse, _) =>
        {
            var mechanism = arguments.Mechanism(parse);
            var chosen = mechanism.Form(parse.GetValue(form));
            if (parse.GetValue(result) is not null && context.Host is null)
                throw new CommandException("--out: a terminal has no variables.");
            var inputs = arguments.Inputs(parse);
            var (output, milliseconds) = Timed(() => chosen.Run(inputs), context.Cancellation);
            var cost = mechanism.Cost(inputs.Shape, inputs.Causal);
            context.Say($"{mechanism.Id} {chosen.Name}, {inputs.Shape}, {inputs.Q.dtype} on {inputs.Q.device}, {(inputs.Causal ? "causal" : "noncausal")}: "
                + $"{Number.Of(milliseconds)} ms (median of {Runs}), {Number.Of(cost.Flops / milliseconds / 1e6)} GFLOP/s");
            context.Show(output.Output);
            if (parse.GetValue(result) is { } name)
                await context.Host!.SetVariableAsync(name, output.Output, typeof(Tensor));
            return 0;
        });
        return command;
    }

    private static (AttentionOutput Output, double Milliseconds) Timed(Func<AttentionOutput> run, CancellationToken cancellation)
    {
        using var none = no_grad();
        var output = run(); // also warms up
        var times = new List<double>();
        for (var i = 0; i < Runs; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var clock = Stopwatch.StartNew();
            run();
            if (output.Output.device_type == DeviceType.CUDA)
                cuda.synchronize();
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return (output, times.Order().ElementAt(Runs / 2));
    }
}
