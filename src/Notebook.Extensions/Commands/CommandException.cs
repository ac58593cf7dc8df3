namespace Attn.Notebook.Commands;

/// <summary>A verb that was called wrongly, in one line for its user.</summary>
internal sealed class CommandException(string message) : Exception(message);
