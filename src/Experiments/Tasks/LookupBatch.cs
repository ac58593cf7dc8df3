using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Images of tokens, of which some show a label and others ask for one that is shown elsewhere.</summary>
/// <param name="Inputs"><c>[B,T,d]</c>, float32.</param>
/// <param name="Targets">Each token's label, <c>[B·T]</c>, int64; <see cref="SequenceBatch.NoTarget"/> where it has none.</param>
/// <param name="Asked">The places of the questions in the batch's tokens, b·T + t, <c>[questions]</c>, int64.</param>
public sealed record LookupBatch(Tensor Inputs, Tensor Targets, Tensor Asked);
