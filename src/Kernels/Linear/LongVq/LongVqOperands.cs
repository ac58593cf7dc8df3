using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The checked operands of LongVQ's attention, and what the state says came before. What scores are made of is float64: where codes or biases
/// are large, float32 would lose what tells one key from another. Values are in the accumulator's dtype.
/// </summary>
internal sealed record LongVqOperands(Tensor Q, Tensor K, Tensor V, Tensor Codebook, Tensor Bias, LongVqMemory Memory)
{
    public static LongVqOperands Of(Tensor q, Tensor k, Tensor v, Tensor codebook, Tensor windowBias, Tensor? initialState, double? scale)
    {
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        Kernels.Codebook.Check(codebook, k);
        var (sequences, window) = windowBias is { shape: [var first, _, var third, _] } ? (first, third) : (0, 0);
        Arguments.Shape(windowBias!, nameof(windowBias), q, "[B|1,H,W,1]", sequences == 1 ? 1 : q.size(0), q.size(1), Math.Max(1, window), 1);
        var (codes, width) = (codebook.size(2), k.size(3) + v.size(3) + 1);
        var state = DecayOperands.InitialState(initialState, q, codes + window - 1, width, "[B,H,S+W−1,D+Dv+1]");
        Tensor Scored(Tensor x) => x.to(ScalarType.Float64);
        return new(
            Scored(q) * Arguments.Scale(scale, q.size(3)), k.Widen(), v.Widen(), Scored(codebook).expand(q.size(0), -1, -1, -1),
            Scored(windowBias).squeeze(-1), LongVqMemory.Of(state, codes, k.size(3)));
    }
}
