using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The checked operands of a matrix memory in the accumulator's dtype: queries and keys of unit length, memory and momentum <c>[B,H,D,Dv]</c>.</summary>
internal sealed record TitansOperands(Tensor Q, Tensor K, Tensor V, MemoryGates Gates, Tensor Memory, Tensor Momentum)
{
    public static TitansOperands Of(Tensor q, Tensor k, Tensor v, MemoryGates gates, Tensor? initialState)
    {
        ArgumentNullException.ThrowIfNull(gates);
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        var given = gates.Checked(k);
        var dim = q.size(3);
        var state = DecayOperands.InitialState(initialState, q, 2 * dim, v.size(3), "[B,H,2D,Dv]");
        return new(NeuralMemoryPass.Unit(q.Widen()), NeuralMemoryPass.Unit(k.Widen()), v.Widen(), given, state.narrow(2, 0, dim), state.narrow(2, dim, dim));
    }

    /// <summary>The tokens in chunks.</summary>
    public IEnumerable<(Tensor Q, Tensor K, Tensor V, MemoryGates Gates)> Chunks(long chunk)
    {
        for (var start = 0L; start < Q.size(2); start += chunk)
        {
            var size = Math.Min(chunk, Q.size(2) - start);
            yield return (Q.narrow(2, start, size), K.narrow(2, start, size), V.narrow(2, start, size), Gates.Part(start, size));
        }
    }
}
