namespace Attn.Host.Notebooks;

/// <summary>A file that cannot be run as a notebook; the message says why, and what would be needed.</summary>
public sealed class NotebookFormatException(string message) : Exception(message);
