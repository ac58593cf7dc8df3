using System.CommandLine;

namespace Attn.Notebook.Commands;

/// <summary>A verb of <c>#!attn</c>: help and completion come from the command it makes.</summary>
internal interface IVerb
{
    /// <summary>A line that shows its use, without <c>#!attn</c>.</summary>
    string Example { get; }

    /// <summary>Its part of the command tree.</summary>
    Command Create(CommandContext context);
}
