namespace Attn.Notebook;

/// <summary>A verb of <c>#!attn</c>, or <c>#!attn</c> itself, for a host that wants its magics declared beforehand.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Parameters">What may follow it.</param>
/// <param name="Verbs">The verbs below it.</param>
public sealed record DeclaredVerb(string Name, string Description, IReadOnlyList<DeclaredParameter> Parameters, IReadOnlyList<DeclaredVerb> Verbs);

/// <summary>What may follow a verb.</summary>
/// <param name="Name">Its name, with its dashes if it is an option.</param>
/// <param name="Description">What it is for.</param>
/// <param name="IsFlag">Whether it takes no value.</param>
/// <param name="IsPositional">Whether its value stands alone, without its name.</param>
/// <param name="Values">The values that may follow, as far as they can be listed.</param>
public sealed record DeclaredParameter(string Name, string Description, bool IsFlag, bool IsPositional, Func<IEnumerable<string>> Values);
