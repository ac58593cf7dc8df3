using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>
/// The system of one attention head: every channel of the values runs through h_i = a_i∘h_{i−1} + k_i v_i, y_i = q_i·h_i, so that over all
/// channels Λ_i = I⊗diag(a_i), B_i = I⊗k_i, C_i = I⊗q_iᵀ and D_i = 0 (arXiv 2405.15731, §3). All of separable attention and of scalar or vector
/// gates is of this form; tokens meet in it as in gated linear attention.
/// </summary>
/// <param name="Decay">a, <c>[…,L,n]</c>.</param>
/// <param name="Keys">What a token writes with, <c>[…,L,n]</c>.</param>
/// <param name="Queries">What it reads with, <c>[…,L,n]</c>.</param>
public sealed record HeadSystem(Tensor Decay, Tensor Keys, Tensor Queries)
{
    private const double Tolerance = 1e-12;
    private const double LeastLogGate = -708; // e to it is the least normal number: it forgets.

    /// <summary>
    /// Separable attention, y_i = Σ_{j≤i} q_i·k_j v_j / η_i: a_i = η_{i−1}/η_i and keys k_i/η_i. The product of the a telescopes to η_j/η_i.
    /// </summary>
    /// <param name="queries">φ(q), <c>[…,L,n]</c>.</param>
    /// <param name="keys">ψ(k), <c>[…,L,n]</c>.</param>
    /// <param name="eta">η, <c>[…,L,1]</c>, nowhere 0.</param>
    public static HeadSystem Separable(Tensor queries, Tensor keys, Tensor eta)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(eta);
        using var scope = NewDisposeScope();
        // η before the first token may be anything but 0: there is no state to be scaled.
        var before = cat([ones_like(eta.narrow(-2, 0, 1)), eta.narrow(-2, 0, eta.size(-2) - 1)], -2);
        return new((before / eta).expand(keys.shape).MoveToOuterDisposeScope(), (keys / eta).MoveToOuterDisposeScope(), queries);
    }

    /// <summary>
    /// Linear attention: <see cref="Separable"/> with η_i = q_i·Σ_{j≤i} k_j, so that the weights of each query sum to one. η depends on the query,
    /// and a may well exceed 1.
    /// </summary>
    /// <param name="queries">φ(q), <c>[…,L,n]</c>.</param>
    /// <param name="keys">φ(k), <c>[…,L,n]</c>.</param>
    public static HeadSystem SumToOne(Tensor queries, Tensor keys)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(keys);
        using var scope = NewDisposeScope();
        var head = Separable(queries, keys, (queries * keys.cumsum(-2)).sum(-1, keepdim: true).clamp_min(LinearAttention.DefaultFloor));
        head.Decay.MoveToOuterDisposeScope();
        head.Keys.MoveToOuterDisposeScope();
        return head;
    }

    /// <summary>The matrices over <paramref name="channels"/> channels of values, N = channels·n, input and output the values themselves.</summary>
    public DsfSystem ToSystem(int channels)
    {
        if (channels < 1)
            throw new ArgumentException($"channels: got {channels}, needs at least 1.", nameof(channels));
        using var identity = eye(channels, dtype: Keys.dtype);
        return ToSystem(identity);
    }

    /// <summary>The matrices of a head whose values are W_V u: B_i = (I⊗k_i)W_V. A state's index is channel·n + feature.</summary>
    /// <param name="valueWeights">W_V, <c>[channels,d]</c>.</param>
    /// <param name="skip">D, <c>[channels,d]</c>, the same at every step; zero when null.</param>
    /// <exception cref="ArgumentException">Weights that are no matrix.</exception>
    public DsfSystem ToSystem(Tensor valueWeights, Tensor? skip = null)
    {
        ArgumentNullException.ThrowIfNull(valueWeights);
        if (valueWeights.dim() != 2)
            throw new ArgumentException($"valueWeights: got rank {valueWeights.dim()}, needs [channels,d].", nameof(valueWeights));
        using var scope = NewDisposeScope();
        var channels = valueWeights.size(0);
        var lambda = Decay.unsqueeze(-2).expand([.. Decay.shape[..^1], channels, Decay.size(-1)]).flatten(-2, -1);
        var b = (valueWeights.unsqueeze(-2) * Keys.unsqueeze(-1).unsqueeze(-3)).flatten(-3, -2);
        var c = (eye(channels, dtype: Queries.dtype).unsqueeze(-1) * Queries.unsqueeze(-2).unsqueeze(-2)).flatten(-2, -1);
        var d = skip?.expand([.. Decay.shape[..^1], .. skip.shape]).MoveToOuterDisposeScope();
        return new(lambda.MoveToOuterDisposeScope(), b.MoveToOuterDisposeScope(), c.MoveToOuterDisposeScope(), d);
    }

    /// <summary>What each token's value counts for in each output, <c>[…,L,L]</c>: Φ of one channel.</summary>
    public Tensor Weights()
    {
        using var scope = NewDisposeScope();
        return ToSystem(1).Kernel().MoveToOuterDisposeScope();
    }

    /// <summary>Reads a head off the matrices of a system.</summary>
    /// <param name="system">A system with as many outputs as inputs.</param>
    /// <exception cref="ArgumentException">Its matrices are not those of a head; the message says which, and by how much.</exception>
    public static HeadSystem Of(DsfSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        if (system.Inputs != system.Outputs || system.StateSize % system.Inputs != 0)
            throw new ArgumentException(
                $"system: got {system.Inputs} inputs, {system.Outputs} outputs and a state of {system.StateSize}, "
                + "needs as many outputs as inputs and a state that is a multiple.",
                nameof(system));
        using var scope = NewDisposeScope();
        var (channels, features) = (system.Inputs, system.StateSize / system.Inputs);
        Tensor First(Tensor x) => x.narrow(-1, 0, features).clone();
        var head = new HeadSystem(First(system.Lambda), First(system.B.select(-1, 0)), First(system.C.select(-2, 0)));
        var again = head.ToSystem(channels);
        Same("Λ", "I⊗diag(a_i)", system.Lambda, again.Lambda);
        Same("B", "I⊗k_i", system.B, again.B);
        Same("C", "I⊗q_iᵀ", system.C, again.C);
        if (system.D is { } skip)
            Same("D", "zero", skip, zeros_like(skip));
        head.Decay.MoveToOuterDisposeScope();
        head.Keys.MoveToOuterDisposeScope();
        head.Queries.MoveToOuterDisposeScope();
        return head;

        void Same(string name, string form, Tensor got, Tensor wanted)
        {
            var (off, size) = ((got - wanted).abs().max().item<double>(), got.abs().max().item<double>());
            if (!(off <= Tolerance * Math.Max(size, double.Epsilon)))
                throw new ArgumentException($"system: got {name} that is {off:E1} off the form {form}, needs that of a head.", nameof(system));
        }
    }

    /// <summary>
    /// The call of the catalogue's <c>gated-linear</c> that computes the same outputs. Gates are at most 1, so what a decay has above 1 goes out
    /// of the state and into queries and keys (<see cref="DsfSystem.Rescaled"/>); a decay of 0 is the least gate there is.
    /// </summary>
    /// <param name="values"><c>[B,H,L,Dv]</c>, where the head's own leading dimensions are B and H.</param>
    /// <exception cref="ArgumentException">Other dimensions, or a decay below 0.</exception>
    public AttentionInputs ToGatedLinear(Tensor values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.dim() != 4 || !values.shape[..3].SequenceEqual(Decay.shape[..^1]))
            throw new ArgumentException(
                $"values: got [{string.Join(",", values.shape)}], needs [{string.Join(",", Decay.shape[..^1])},Dv] as the head has.", nameof(values));
        using var scope = NewDisposeScope();
        if (Decay.min().item<double>() < 0)
            throw new ArgumentException($"decay: got a smallest value of {Decay.min().item<double>()}, needs at least 0.");
        var grown = Decay.clamp_min(1).cumprod(-2);
        var gate = Decay.clamp_max(1).log().clamp_min(LeastLogGate);
        return new((Queries * grown).MoveToOuterDisposeScope(), (Keys / grown).MoveToOuterDisposeScope(), values)
        {
            Causal = true,
            Extra = new Dictionary<string, Tensor> { ["logGate"] = gate.MoveToOuterDisposeScope() },
        };
    }
}
