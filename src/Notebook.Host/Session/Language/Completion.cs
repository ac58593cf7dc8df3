namespace Attn.Host.Session.Language;

/// <summary>A text that may stand at a place in a cell.</summary>
/// <param name="Text">What replaces the text from <paramref name="Start"/> to <paramref name="End"/>.</param>
/// <param name="Kind">What it names, in Jupyter's words: function, property, class, module, keyword, instance …</param>
/// <param name="Start">Where what it replaces begins, in characters of the cell's text.</param>
/// <param name="End">Where what it replaces ends.</param>
internal sealed record Completion(string Text, string Kind, int Start, int End);
