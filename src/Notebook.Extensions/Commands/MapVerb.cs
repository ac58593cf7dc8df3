using System.CommandLine;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn map ID</c></summary>
internal sealed class MapVerb : IVerb
{
    public string Example => "map softmax --shape 1,4,32,16 --causal";

    public Command Create(CommandContext context)
    {
        var arguments = new MechanismArguments(context);
        var heads = new Option<int[]>("--head") { Description = "Only these heads, from 0.", AllowMultipleArgumentsPerToken = true };
        var command = new Command("map", "Draw who looks at whom: the mechanism's attention matrix, head by head.") { heads };
        arguments.AddTo(command);
        command.SetAction(parse =>
        {
            var chosen = parse.GetValue(heads);
            using var weights = arguments.Mechanism(parse).WeightsOf(arguments.Inputs(parse), chosen is { Length: > 0 } ? chosen : null);
            context.Show(new AttentionPattern(weights));
        });
        return command;
    }
}
