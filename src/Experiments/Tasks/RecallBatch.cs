using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Pairs, and the key to look up. All int64.</summary>
/// <param name="Keys">Key ids, <c>[B,N]</c>.</param>
/// <param name="Values">Value ids, <c>[B,N]</c>.</param>
/// <param name="Asked">The key asked for, once in its sequence, <c>[B]</c>.</param>
/// <param name="Answers">Its value, <c>[B]</c>.</param>
public sealed record RecallBatch(Tensor Keys, Tensor Values, Tensor Asked, Tensor Answers);
