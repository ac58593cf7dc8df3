using System.CommandLine;
using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn compare A B</c></summary>
internal sealed class CompareVerb : IVerb
{
    private readonly Argument<string[]> _ids = new("id") { Description = "Mechanisms of the catalogue, two or more; the first is what the others are compared with.", Arity = new(2, 100), HelpName = "id" };

    public string Example => "compare softmax linear --q q --k k --v v";

    public Command Create(CommandContext context)
    {
        var arguments = new MechanismArguments(context);
        var command = new Command("compare", "Set mechanisms side by side on the same tensors: distance of outputs and patterns, entropy, effective rank.") { _ids };
        arguments.AddTensorsTo(command);
        _ids.CompletionSources.Add(_ => Catalog.Rows.Select(row => new System.CommandLine.Completions.CompletionItem(row.Id, detail: row.Name)));
        command.SetAction(parse =>
        {
            using var none = no_grad();
            var compared = parse.GetValue(_ids)!.Distinct().Select(Catalog.Find).Select(row => Compared.Of(row, arguments.Inputs(parse, row))).ToArray();
            if (compared.FirstOrDefault(one => one.Inputs.Causal != compared[0].Inputs.Causal) is { } other)
                throw new CommandException($"id: {compared[0].Row.Id} and {other.Row.Id} were called differently, one of them causal; give --causal.");
            context.Show(new ComparisonView(compared));
        });
        return command;
    }
}

/// <summary>One of the mechanisms compared.</summary>
/// <param name="Row">Its catalogue row.</param>
/// <param name="Inputs">What it was called with.</param>
/// <param name="Output"><c>[B,H,Tq,Dv]</c>, float64.</param>
/// <param name="Weights"><c>[B,H,Tq,Tk]</c>; null when it has none.</param>
internal sealed record Compared(AttentionMechanism Row, AttentionInputs Inputs, Tensor Output, Tensor? Weights)
{
    public static Compared Of(AttentionMechanism row, AttentionInputs inputs) => new(
        row, inputs, row.Form().Run(inputs).Output.to(ScalarType.Float64), row.Weights is null ? null : row.WeightsOf(inputs));
}
