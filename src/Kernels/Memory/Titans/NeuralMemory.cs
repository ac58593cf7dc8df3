using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The long-term memory of Titans as a multilayer perceptron of any depth, SiLU between its layers, whose weights learn while it reads:
/// S_t = η_t·S_{t−1} − θ_t·∇‖M(k_t) − v_t‖², M_t = (1 − α_t)·M_{t−1} + S_t, o_t = M_t(q_t) (Behrouz et al. 2025, arXiv 2501.00663,
/// §3). All layers move by gradients at the same weights: those at the beginning of the token's chunk. One layer is a matrix memory.
/// </summary>
/// <remarks>
/// Shapes: <c>q, k [B,H,T,D]</c>, <c>v [B,H,T,Dv]</c>, float32 or float64; gates as <see cref="MemoryGates"/> says. Queries and keys are
/// brought to unit length. Bad arguments give an <see cref="ArgumentException"/> that names the argument. All methods are differentiable,
/// by the weights before the first token too.
/// </remarks>
public static class NeuralMemory
{
    /// <summary>What the memory says, without learning: M(q).</summary>
    /// <param name="state">The memory.</param>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <returns><c>[B,H,T,Dv]</c>.</returns>
    public static Tensor Read(NeuralMemoryState state, Tensor q)
    {
        ArgumentNullException.ThrowIfNull(state);
        Arguments.Qk(q, q);
        NeuralMemoryPass.Check(state, q, null);
        using var scope = NewDisposeScope();
        return NeuralMemoryPass.Of(state.Weights, NeuralMemoryPass.Unit(q)).Output.MoveToOuterDisposeScope();
    }

    /// <summary>One token after another, as the update is written.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="gates">θ, η and α, <c>[B,H,T,1]</c> each, from 0 to 1.</param>
    /// <param name="state">The memory before the first token.</param>
    /// <param name="chunk">Tokens whose gradients are taken at the same weights; 1 is the update as the paper defines it.</param>
    /// <returns><c>[B,H,T,Dv]</c>, and the memory after the last token.</returns>
    public static (Tensor Output, NeuralMemoryState State) Recurrent(
        Tensor q, Tensor k, Tensor v, MemoryGates gates, NeuralMemoryState state, int chunk = 1)
    {
        using var scope = NewDisposeScope();
        var x = NeuralMemoryPass.Checked(q, k, v, gates, state, chunk);
        var (weights, momentum, start) = (state.Weights, state.Momentum, state.Weights);
        var outputs = new List<Tensor>();
        for (var t = 0L; t < q.size(2); t++)
        {
            if (t % chunk == 0)
                start = weights;
            var gate = x.Gates.Part(t, 1);
            var pass = NeuralMemoryPass.Of(start, x.K.narrow(2, t, 1));
            var errors = pass.Errors(start, v.narrow(2, t, 1));
            momentum = [.. momentum.Select((past, l) => gate.Momentum * past - (gate.Step * pass.Inputs[l]).transpose(2, 3).matmul(errors[l]))];
            weights = [.. weights.Select((past, l) => (1 - gate.Forget) * past + momentum[l])];
            outputs.Add(NeuralMemoryPass.Of(weights, x.Q.narrow(2, t, 1)).Output);
        }
        return (cat(outputs, 2).MoveToOuterDisposeScope(), new NeuralMemoryState(weights, momentum).MoveOut());
    }

    /// <summary>
    /// The same by matrix products alone: within a chunk every layer reads like linear attention, with the layer's inputs at the keys for keys
    /// and its errors for values. No token's weights are ever built.
    /// </summary>
    /// <inheritdoc cref="Recurrent"/>
    public static (Tensor Output, NeuralMemoryState State) Chunked(
        Tensor q, Tensor k, Tensor v, MemoryGates gates, NeuralMemoryState state, int chunk = 16)
    {
        using var scope = NewDisposeScope();
        var x = NeuralMemoryPass.Checked(q, k, v, gates, state, chunk);
        var (weights, momentum) = (state.Weights.ToArray(), state.Momentum.ToArray());
        var outputs = new List<Tensor>();
        for (var start = 0L; start < q.size(2); start += chunk)
        {
            var size = Math.Min(chunk, q.size(2) - start);
            var gate = x.Gates.Part(start, size);
            var kernel = UpdateKernel.Of(gate);
            var pass = NeuralMemoryPass.Of(weights, x.K.narrow(2, start, size));
            var errors = pass.Errors(weights, v.narrow(2, start, size));
            var hidden = x.Q.narrow(2, start, size);
            for (var l = 0; l < weights.Length; l++)
            {
                var updates = -gate.Step * errors[l];
                var read = (kernel.Memory * hidden).matmul(weights[l]) + (kernel.Momentum * hidden).matmul(momentum[l])
                    + (hidden.matmul(pass.Inputs[l].transpose(2, 3)) * kernel.Writes).matmul(updates);
                hidden = l == weights.Length - 1 ? read : nn.functional.silu(read);
                (weights[l], momentum[l]) = kernel.After(weights[l], momentum[l], pass.Inputs[l], updates);
            }
            outputs.Add(hidden);
        }
        return (cat(outputs, 2).MoveToOuterDisposeScope(), new NeuralMemoryState(weights, momentum).MoveOut());
    }
}
