using System.CommandLine;

namespace Attn.Notebook.Commands;

/// <summary>Verbs as the parser knows them.</summary>
internal static class VerbTree
{
    /// <summary>A verb's command, its example in its help.</summary>
    public static Command Of(IVerb verb, CommandContext context)
    {
        var command = verb.Create(context);
        command.Description += $"\nExample: {(context.Host is null ? "attn" : "#!attn")} {verb.Example}";
        return command;
    }
}
