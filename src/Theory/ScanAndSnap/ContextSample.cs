namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// One training sample as the gradients need it: how often each token occurs in the context, not in which order, since the model has no
/// positions. At infinite length the counts are the probabilities P(l|n).
/// </summary>
/// <param name="Tokens">Ids of the tokens that may occur, each once.</param>
/// <param name="Counts">How often (or with what probability) each of <paramref name="Tokens"/> occurs; not all 0.</param>
/// <param name="Query">The query token.</param>
/// <param name="Next">The token to predict.</param>
public sealed record ContextSample(int[] Tokens, double[] Counts, int Query, int Next);
