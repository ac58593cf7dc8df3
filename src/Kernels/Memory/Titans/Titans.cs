using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// The long-term memory of Titans as a matrix M that learns while it reads, by gradient descent on ‖k_tM − v_t‖² with momentum S and
/// forgetting: S_t = η_t·S_{t−1} − 2θ_t·k_tᵀ(k_tM_{t−1} − v_t), M_t = (1 − α_t)·M_{t−1} + S_t, o_t = q_tM_t, with q and k of unit length
/// (Behrouz et al. 2025, arXiv 2501.00663, §3.1). With η = 0 it is the gated delta rule. Causal self-attention.
/// </summary>
/// <remarks>
/// Shapes: <c>q, k [B,H,T,D]</c>, <c>v [B,H,T,Dv]</c>, one floating dtype; gates as <see cref="MemoryGates"/> says, in the dtype of q or in
/// float32; state <c>[B,H,2D,Dv]</c>: the rows of M, then those of S. Sums of half-precision inputs are float32. Keys of one direction are
/// stable for 2θ &lt; (1 + η)(2 − α); a stream of different keys can grow without bound once θ/(1 − η) passes about ½. Bad arguments give an
/// <see cref="ArgumentException"/> that names the argument; the range of the gates is checked in host memory only. All methods are
/// differentiable.
/// </remarks>
public static class Titans
{
    /// <summary>One token after another: O(T·D·Dv).</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="gates">θ, η and α, <c>[B,H,T,1]</c> each, from 0 to 1.</param>
    /// <param name="initialState"><c>[B,H,2D,Dv]</c>, as an earlier call returned it; zero when null.</param>
    /// <param name="gradientAt">The memory at which gradients are taken.</param>
    /// <param name="chunk">Tokens a chunk: of meaning for <see cref="GradientAt.ChunkStart"/> alone.</param>
    /// <returns><c>[B,H,T,Dv]</c> in the dtype of <paramref name="q"/>, and the state after the last token.</returns>
    public static AttentionOutput Recurrent(
        Tensor q, Tensor k, Tensor v, MemoryGates gates, Tensor? initialState = null, GradientAt gradientAt = GradientAt.Previous, int chunk = 64)
    {
        Arguments.Positive(chunk, nameof(chunk));
        using var scope = NewDisposeScope();
        var x = TitansOperands.Of(q, k, v, gates, initialState);
        var (memory, momentum, start) = (x.Memory, x.Momentum, x.Memory);
        var outputs = new List<Tensor>();
        foreach (var (query, key, value, gate) in x.Chunks(1))
        {
            if (outputs.Count % chunk == 0)
                start = memory;
            var error = gradientAt switch
            {
                GradientAt.Previous => key.matmul(memory) - value,
                GradientAt.ChunkStart => key.matmul(start) - value,
                _ => -value,
            };
            momentum = gate.Momentum * momentum - (2 * gate.Step * key).transpose(2, 3).matmul(error);
            memory = (1 - gate.Forget) * memory + momentum;
            outputs.Add(query.matmul(memory));
        }
        return new AttentionOutput(cat(outputs, 2).to(q.dtype), cat([memory, momentum], 2)).MoveOut();
    }

    /// <summary>
    /// Matrix products within a chunk, the state between chunks: O(T·(chunk + D)). The errors of a chunk are known at once where gradients
    /// are taken at its start (the paper's form), else they solve a triangular system, which gives the recurrence itself.
    /// </summary>
    /// <inheritdoc cref="Recurrent"/>
    public static AttentionOutput Chunked(
        Tensor q, Tensor k, Tensor v, MemoryGates gates, Tensor? initialState = null, GradientAt gradientAt = GradientAt.Previous, int chunk = 64)
    {
        Arguments.Positive(chunk, nameof(chunk));
        using var scope = NewDisposeScope();
        var x = TitansOperands.Of(q, k, v, gates, initialState);
        var (memory, momentum) = (x.Memory, x.Momentum);
        var outputs = new List<Tensor>();
        foreach (var (queries, keys, values, gate) in x.Chunks(chunk))
        {
            var kernel = UpdateKernel.Of(gate);
            var errors = gradientAt switch
            {
                GradientAt.Previous => Errors(kernel, keys, gate.Step, Found(kernel, keys, memory, momentum) - values),
                GradientAt.ChunkStart => keys.matmul(memory) - values,
                _ => -values,
            };
            var updates = -2 * gate.Step * errors;
            outputs.Add(
                (kernel.Memory * queries).matmul(memory) + (kernel.Momentum * queries).matmul(momentum)
                + (queries.matmul(keys.transpose(2, 3)) * kernel.Writes).matmul(updates));
            (memory, momentum) = kernel.After(memory, momentum, keys, updates);
        }
        return new AttentionOutput(cat(outputs, 2).to(q.dtype), cat([memory, momentum], 2)).MoveOut();
    }

    /// <summary>One decoding step: tensors with T = 1 and the state before it.</summary>
    /// <param name="q"><c>[B,H,1,D]</c>.</param>
    /// <param name="k"><c>[B,H,1,D]</c>.</param>
    /// <param name="v"><c>[B,H,1,Dv]</c>.</param>
    /// <param name="gates">θ, η and α, <c>[B,H,1,1]</c> each.</param>
    /// <param name="state"><c>[B,H,2D,Dv]</c>; zero when null.</param>
    /// <returns><c>[B,H,1,Dv]</c> and the state after it.</returns>
    public static AttentionOutput Step(Tensor q, Tensor k, Tensor v, MemoryGates gates, Tensor? state) => Recurrent(q, k, v, gates, state);

    /// <summary>The matrix P of O = PV, for the memory is linear in the values; without an initial state, gradients at the previous memory.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="gates">θ, η and α, <c>[B,H,T,1]</c> each, from 0 to 1.</param>
    /// <param name="rows">The query rows to compute; all when null.</param>
    /// <returns><c>[B,H,rows,T]</c>, float64 for float64 inputs, else float32; rows do not sum to one.</returns>
    public static Tensor Weights(Tensor q, Tensor k, MemoryGates gates, IReadOnlyList<int>? rows = null)
    {
        using var scope = NewDisposeScope();
        var x = TitansOperands.Of(q, k, k, gates, null);
        Arguments.Indices(rows, nameof(rows), q.size(2));
        var kernel = UpdateKernel.Of(x.Gates);
        var identity = eye(q.size(2), dtype: x.Q.dtype, device: x.Q.device).expand(kernel.Writes.shape);
        var written = 2 * x.Gates.Step * Errors(kernel, x.K, x.Gates.Step, identity);
        return (x.Q.Pick(rows).matmul(x.K.transpose(2, 3)) * kernel.Writes.Pick(rows)).matmul(written).MoveToOuterDisposeScope();
    }

    /// <summary>What the memory before the chunk, carried to each token's place, says of its key.</summary>
    private static Tensor Found(UpdateKernel kernel, Tensor keys, Tensor memory, Tensor momentum)
    {
        var before = kernel.Before();
        return (before.Memory * keys).matmul(memory) + (before.Momentum * keys).matmul(momentum);
    }

    /// <summary>
    /// The errors e_t = r_t − Σ_{s&lt;t} 2θ_s·G_{t−1,s}·(k_t·k_s)·e_s, where r_t leaves out what the chunk itself has written.
    /// </summary>
    private static Tensor Errors(UpdateKernel kernel, Tensor keys, Tensor step, Tensor withoutChunk)
    {
        var system = 2 * keys.matmul(keys.transpose(2, 3)) * kernel.Before().Writes * step.transpose(2, 3);
        return linalg.solve_triangular(system, withoutChunk, upper: false, unitriangular: true);
    }
}
