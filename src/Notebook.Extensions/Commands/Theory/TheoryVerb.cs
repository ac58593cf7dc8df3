using System.CommandLine;

namespace Attn.Notebook.Commands.Theory;

/// <summary><c>#!attn theory MODULE</c>: what can be proved or computed about the user's own tensors and mechanisms.</summary>
internal sealed class TheoryVerb : IVerb
{
    private static readonly IVerb[] Modules = [new EntropyVerb(), new CollideVerb(), new SpectrumVerb(), new DsfVerb()];

    public string Example => "theory entropy softmax --q q --k k --v v";

    public Command Create(CommandContext context)
    {
        var command = new Command("theory", "Ask the theory about your own tensors and mechanisms.");
        foreach (var module in Modules)
            command.Subcommands.Add(VerbTree.Of(module, context));
        return command;
    }
}
