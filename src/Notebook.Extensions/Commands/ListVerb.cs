using System.CommandLine;
using Attn.Kernels;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn list</c></summary>
internal sealed class ListVerb : IVerb
{
    public string Example => "list --family linear";

    public Command Create(CommandContext context)
    {
        var family = new Option<string?>("--family") { Description = "Only mechanisms of this family." };
        family.CompletionSources.Add(_ => Families().Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        var command = new Command("list", "List the attention mechanisms of the catalogue.") { family };
        command.SetAction(parse =>
        {
            var wanted = parse.GetValue(family);
            if (wanted is not null && !Families().Contains(wanted))
                throw new CommandException($"--family: no family '{wanted}'{Suggestion.Of(wanted, Families())}");
            context.Show(Catalog.Rows.Where(row => wanted is null || row.Family == wanted).ToList());
        });
        return command;
    }

    private static IEnumerable<string> Families() => Catalog.Rows.Select(row => row.Family).Distinct();
}
