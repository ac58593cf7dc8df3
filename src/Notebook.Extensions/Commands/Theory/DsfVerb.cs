using System.CommandLine;
using System.CommandLine.Completions;
using Attn.Kernels;
using Microsoft.Data.Analysis;

namespace Attn.Notebook.Commands.Theory;

/// <summary><c>#!attn theory dsf A B</c></summary>
internal sealed class DsfVerb : IVerb
{
    private readonly Argument<string[]> _ids = new("id") { Description = "Two mechanisms of the catalogue.", Arity = new(2, 2), HelpName = "id" };
    private readonly Option<int> _length = new("--length") { Description = "Tokens of the random input.", DefaultValueFactory = _ => 24 };
    private readonly Option<int> _dim = new("--dim") { Description = "Channels a head.", DefaultValueFactory = _ => 4 };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of the input and of the mechanisms' further tensors.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _out = new("--out") { Description = "Variable to put the table in, as a DataFrame." };

    public string Example => "theory dsf lightning linear";

    public Command Create(CommandContext context)
    {
        var command = new Command("dsf", "Read two mechanisms as dynamical systems and say whether they are one map of inputs to outputs.") { _ids };
        foreach (var option in (Option[])[_length, _dim, _seed, _out])
            command.Options.Add(option);
        _ids.CompletionSources.Add(_ => Catalog.Rows.Select(row => new CompletionItem(row.Id, detail: row.Name)));
        command.SetAction(async (parse, _) =>
        {
            if (parse.GetValue(_out) is not null && context.Host is null)
                throw new CommandException("--out: a terminal has no variables.");
            var ids = parse.GetValue(_ids)!.Select(id => Catalog.Find(id).Id).ToArray();
            var found = Attn.Theory.Dsf.Dsf.Compare(ids[0], ids[1], parse.GetValue(_length), parse.GetValue(_dim), parse.GetValue(_seed));
            context.Show(new TheoryTable(
                $"{found.A.Name} and {found.B.Name}: {(found.Same ? "the same" : "not the same")}; outputs differ by {Number.Of(found.OutputGap)} of up to "
                + $"{Number.Of(found.OutputSize)}, kernels by {Number.Of(found.KernelGap)} of their size",
                ["mechanism", "state", "used", "least |Λ|", "largest |Λ|"],
                [.. new[] { found.A, found.B }.Select(side => (IReadOnlyList<string>)
                    [side.Name, $"{side.StateSize}", $"{side.Rank}", Number.Of(side.LeastDecay), Number.Of(side.LargestDecay)])],
                $"On {parse.GetValue(_length)} random tokens. State counts numbers; used is how many the second half of the outputs really reads of the first half of the inputs; "
                + "Λ is what a step leaves of the state."));
            if (parse.GetValue(_out) is { } name)
                await context.Host!.SetVariableAsync(name, Frame.Of(new[] { found.A, found.B }), typeof(DataFrame));
            return 0;
        });
        return command;
    }
}
