using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

internal static class InputsExtensions
{
    public static AttentionInputs To(this AttentionInputs inputs, ScalarType dtype) => inputs.Map(tensor => tensor.to(dtype));

    /// <summary>The same call with every tensor replaced.</summary>
    public static AttentionInputs Map(this AttentionInputs inputs, Func<Tensor, Tensor> change) => inputs with
    {
        Q = change(inputs.Q),
        K = change(inputs.K),
        V = change(inputs.V),
        Extra = inputs.Extra.ToDictionary(extra => extra.Key, extra => change(extra.Value)),
        InitialState = inputs.InitialState is null ? null : change(inputs.InitialState),
    };
}
