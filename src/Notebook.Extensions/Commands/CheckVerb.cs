using System.CommandLine;
using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn check ID</c></summary>
internal sealed class CheckVerb : IVerb
{
    private static readonly ScalarType[] Dtypes = [ScalarType.Float64, ScalarType.Float32, ScalarType.BFloat16];

    /// <summary>Odd ones on purpose; of the user's own tensors the shape is theirs.</summary>
    private static readonly AttentionShape[] Shapes =
    [
        AttentionShape.Self(1, 1, 1, 8), AttentionShape.Self(2, 3, 63, 20), new(1, 2, 130, 130, 16, 24), new(1, 2, 9, 31, 8, 5), new(2, 1, 1, 70, 4, 4),
    ];

    public string Example => "check gated-linear";

    public Command Create(CommandContext context)
    {
        var arguments = new MechanismArguments(context);
        var command = new Command("check", "Check a mechanism's forms against its plain reference in float64: output, state and every gradient, with the margins.");
        arguments.AddTo(command);
        command.SetAction(parse =>
        {
            var mechanism = arguments.Mechanism(parse);
            var calls = arguments.IsGiven(parse)
                ? [arguments.Inputs(parse)]
                : (from shape in Shapes
                   from causal in arguments.Causalities(parse, mechanism)
                   where mechanism.Serves(shape, causal)
                   from dtype in arguments.Dtypes(parse, Dtypes)
                   select AttentionInputs.Random(
                       mechanism, shape, arguments.Seed(parse), dtype, causal, initialState: mechanism.State is not null, device: arguments.Device(parse))).ToArray();
            using var progress = Progress.Start($"check {mechanism.Id}", calls.Length);
            var results = new List<(AttentionInputs Inputs, IReadOnlyList<ConformanceResult> Results)>();
            foreach (var inputs in calls)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                results.Add((inputs, Conformance.Check(mechanism, inputs)));
                progress.Report(results.Count, $"{inputs.Shape} {inputs.Q.dtype}");
            }

            context.Show(new ConformanceView(mechanism, results));
            return results.All(call => call.Results.All(result => result.Holds)) ? 0 : 1;
        });
        return command;
    }
}
