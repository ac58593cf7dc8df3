namespace Attn.Notebook;

/// <summary>A word that may stand at a place of a line.</summary>
/// <param name="Text">The word.</param>
/// <param name="Detail">What it means; may be empty.</param>
/// <param name="Start">Where what it replaces begins.</param>
/// <param name="End">Where what it replaces ends.</param>
public sealed record CommandCompletion(string Text, string Detail, int Start, int End);
