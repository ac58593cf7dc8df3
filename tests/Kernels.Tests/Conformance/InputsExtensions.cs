using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Parts and changes of a call. Further tensors are <c>[B,H,…]</c>; one whose third dimension is Tk belongs to the tokens.</summary>
internal static class InputsExtensions
{
    public static AttentionInputs To(this AttentionInputs inputs, ScalarType dtype) => inputs.Map(tensor => tensor.to(dtype));

    /// <summary>The same call with every tensor replaced.</summary>
    public static AttentionInputs Map(this AttentionInputs inputs, Func<Tensor, Tensor> change) => inputs.MapNamed((_, tensor) => change(tensor));

    /// <summary>The same call with every tensor replaced, by name.</summary>
    public static AttentionInputs MapNamed(this AttentionInputs inputs, Func<string, Tensor, Tensor> change) => inputs with
    {
        Q = change("q", inputs.Q),
        K = change("k", inputs.K),
        V = change("v", inputs.V),
        Extra = inputs.Extra.ToDictionary(extra => extra.Key, extra => change(extra.Key, extra.Value)),
        InitialState = inputs.InitialState is null ? null : change("initialState", inputs.InitialState),
    };

    /// <summary>Every tensor of the call with its name.</summary>
    public static IReadOnlyList<(string Name, Tensor Tensor)> Named(this AttentionInputs inputs)
    {
        var all = new List<(string, Tensor)>();
        inputs.MapNamed((name, tensor) =>
        {
            all.Add((name, tensor));
            return tensor;
        });
        return all;
    }

    /// <summary>The names of the tensors that have a row for each token.</summary>
    public static IEnumerable<string> TokenNames(this AttentionInputs inputs) =>
        inputs.Named().Where(named => inputs.BelongsToTokens(named.Name, named.Tensor)).Select(named => named.Name);

    /// <summary>The call on one batch entry and head alone.</summary>
    public static AttentionInputs Slice(this AttentionInputs inputs, long batch, long head) =>
        inputs.Map(tensor => tensor.narrow(0, batch, 1).narrow(1, head, 1));

    /// <summary>The call with a stretch of a dimension of one tensor (of all, when no name is given) taken from another call.</summary>
    public static AttentionInputs Splice(this AttentionInputs inputs, AttentionInputs other, string? name, int dimension, long start, long size)
    {
        var others = other.Named().ToDictionary(named => named.Name, named => named.Tensor);
        return inputs.MapNamed((candidate, tensor) =>
        {
            if (name is not null && name != candidate)
                return tensor;
            var changed = tensor.clone();
            changed.narrow(dimension, start, size).copy_(others[candidate].narrow(dimension, start, size));
            return changed;
        });
    }

    private static bool BelongsToTokens(this AttentionInputs inputs, string name, Tensor tensor) =>
        name != "initialState" && (name is "q" or "k" or "v" || (tensor.shape.Length > 2 && tensor.shape[2] == inputs.K.shape[2]));
}
