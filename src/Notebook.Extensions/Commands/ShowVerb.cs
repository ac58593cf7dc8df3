using System.CommandLine;
using Attn.Kernels;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn show ID</c></summary>
internal sealed class ShowVerb : IVerb
{
    public string Example => "show gated-linear";

    public Command Create(CommandContext context)
    {
        var id = new MechanismArguments(context).Id;
        var command = new Command("show", "Show a mechanism: its equation, forms, patterns, cost and source.") { id };
        command.SetAction(parse => context.Show(Catalog.Find(parse.GetValue(id)!)));
        return command;
    }
}
