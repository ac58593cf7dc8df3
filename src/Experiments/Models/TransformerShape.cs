namespace Attn.Experiments;

/// <summary>The size of a small transformer.</summary>
/// <param name="Vocabulary">Token ids, from 0.</param>
/// <param name="Length">The longest sequence, for which there are positions.</param>
/// <param name="Dim">Channels.</param>
/// <param name="Layers">Blocks of attention and MLP.</param>
/// <param name="Heads">Heads of each attention layer.</param>
public sealed record TransformerShape(int Vocabulary, int Length, int Dim, int Layers, int Heads);
