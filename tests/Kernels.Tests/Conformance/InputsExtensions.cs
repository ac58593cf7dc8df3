using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Parts and changes of a call. Further tensors are <c>[B,H,…]</c>; one whose third dimension is Tk belongs to the tokens.</summary>
internal static class InputsExtensions
{
    public static AttentionInputs To(this AttentionInputs inputs, ScalarType dtype) => inputs.Map((_, tensor) => tensor.to(dtype));

    /// <summary>The names of the tensors that have a row for each token.</summary>
    public static IEnumerable<string> TokenNames(this AttentionInputs inputs) =>
        inputs.Named.Where(named => inputs.BelongsToTokens(named.Name, named.Tensor)).Select(named => named.Name);

    /// <summary>The call on one batch entry and head alone.</summary>
    public static AttentionInputs Slice(this AttentionInputs inputs, long batch, long head) =>
        inputs.Map((_, tensor) => tensor.narrow(0, batch, 1).narrow(1, head, 1));

    /// <summary>The call with a stretch of a dimension of one tensor (of all, when no name is given) taken from another call.</summary>
    public static AttentionInputs Splice(this AttentionInputs inputs, AttentionInputs other, string? name, int dimension, long start, long size)
    {
        var others = other.Named.ToDictionary(named => named.Name, named => named.Tensor);
        return inputs.Map((candidate, tensor) =>
        {
            if (name is not null && name != candidate)
                return tensor;
            var changed = tensor.clone();
            changed.narrow(dimension, start, size).copy_(others[candidate].narrow(dimension, start, size));
            return changed;
        });
    }
}
