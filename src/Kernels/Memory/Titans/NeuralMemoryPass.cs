using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>A memory's forward pass, kept for its backward one.</summary>
/// <param name="Inputs">The input of each layer, <c>[B,H,T,inputs]</c>.</param>
/// <param name="Sums">What each layer gives before SiLU, <c>[B,H,T,outputs]</c>.</param>
internal sealed record NeuralMemoryPass(IReadOnlyList<Tensor> Inputs, IReadOnlyList<Tensor> Sums)
{
    public Tensor Output => Sums[^1];

    public static NeuralMemoryPass Of(IReadOnlyList<Tensor> weights, Tensor x)
    {
        var (inputs, sums) = (new List<Tensor>(), new List<Tensor>());
        foreach (var layer in weights)
        {
            inputs.Add(sums.Count == 0 ? x : nn.functional.silu(sums[^1]));
            sums.Add(inputs[^1].matmul(layer));
        }
        return new(inputs, sums);
    }

    /// <summary>The gradient of ‖M(k) − v‖² by the sums of each layer.</summary>
    public Tensor[] Errors(IReadOnlyList<Tensor> weights, Tensor v)
    {
        var errors = new Tensor[Sums.Count];
        errors[^1] = 2 * (Output - v);
        for (var l = Sums.Count - 1; l > 0; l--)
        {
            var share = Sums[l - 1].sigmoid();
            errors[l - 1] = errors[l].matmul(weights[l].transpose(2, 3)) * share * (1 + Sums[l - 1] * (1 - share));
        }
        return errors;
    }

    public static Tensor Unit(Tensor x) => nn.functional.normalize(x, dim: -1);

    public static (Tensor Q, Tensor K, MemoryGates Gates) Checked(Tensor q, Tensor k, Tensor v, MemoryGates gates, NeuralMemoryState state, int chunk)
    {
        ArgumentNullException.ThrowIfNull(gates);
        ArgumentNullException.ThrowIfNull(state);
        Arguments.Positive(chunk, nameof(chunk));
        Arguments.Qkv(q, k, v);
        Arguments.SameLength(q, k);
        var given = gates.Checked(k);
        Check(state, q, v);
        return (Unit(q), Unit(k), given);
    }

    /// <summary>Checks that layers fit each other, queries and values.</summary>
    public static void Check(NeuralMemoryState state, Tensor q, Tensor? v)
    {
        if (state.Weights.Count == 0 || state.Weights.Count != state.Momentum.Count)
            Arguments.Fail(nameof(state), $"{state.Weights.Count} layers and {state.Momentum.Count} momenta", "as many of each, at least one");
        var inputs = q.size(3);
        for (var l = 0; l < state.Weights.Count; l++)
        {
            var outputs = l == state.Weights.Count - 1 && v is not null ? v.size(3) : state.Weights[l].size(-1);
            foreach (var tensor in new[] { state.Weights[l], state.Momentum[l] })
                Arguments.Shape(tensor, nameof(state), q, $"layer {l} [B,H,inputs,outputs]", q.size(0), q.size(1), inputs, outputs);
            inputs = outputs;
        }
    }
}
