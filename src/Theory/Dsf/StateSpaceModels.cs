using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>State space models as systems (arXiv 2405.15731, §3.2). States lie channel by channel, n each.</summary>
public static class StateSpaceModels
{
    /// <summary>
    /// S4 with a diagonal A = −½ + iπ·(0, 1, …) a channel, held at each input for a time Δ (zero-order hold): Λ = e^{AΔ}, B = (e^{AΔ} − 1)A⁻¹b,
    /// the same at every step. Directly: the convolution with C·ZOH·b.
    /// </summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="state">n, states a channel.</param>
    /// <param name="seed">Fixes the weights.</param>
    public static DsfModel S4(int dim, int state, long seed)
    {
        var draw = new WeightDraw(seed);
        var a = complex(full([dim, state], -0.5, ScalarType.Float64), Math.PI * arange(state, ScalarType.Float64).expand(dim, state));
        var step = draw.Uniform(0.05, 0.5, dim, 1);
        var (b, c, skip) = (complex(draw.Normal(dim, state), draw.Normal(dim, state)), complex(draw.Normal(dim, state), draw.Normal(dim, state)), draw.Normal(dim));
        var (decay, written) = ((a * step).exp(), ((a * step).exp() - 1) / a * b);
        return new(
            "s4",
            u => Constant(decay, written, c, skip, u.size(0)),
            u => Lags(u.size(0), lag => (c * written * decay.pow((double)lag)).sum(-1).real, u) + u * skip);
    }

    /// <summary>
    /// S6, the selective model of Mamba: Λ_i = exp(−Δ_i⊗A) with Δ_i = softplus(W_Δ u_i + b) a channel, B_i = Δ_i⊗W_B u_i (Euler, not the exact
    /// hold), C_i = I⊗W_C u_i and a learned diagonal D. Directly: the sum over the past with the decays written out.
    /// </summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="state">n, states a channel.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <param name="rate">A for all channels and states; drawn from ½ to 2 when null.</param>
    public static DsfModel S6(int dim, int state, long seed, double? rate = null)
    {
        var w = new SelectiveWeights(dim, state, rate, seed);
        return new(
            "s6",
            u => Channels((-w.Step(u).unsqueeze(-1) * w.Rate).exp(), w.Step(u).unsqueeze(-1) * w.Written(u).unsqueeze(-2), w.Read(u).unsqueeze(-2), w.Skip),
            u =>
            {
                using var scope = NewDisposeScope();
                var time = w.Step(u).cumsum(0);
                var elapsed = (time.unsqueeze(1) - time).unsqueeze(-1) * w.Rate; // [L,L,d,n], from column to row.
                var decays = (-elapsed).exp() * ones(u.size(0), u.size(0), dtype: ScalarType.Float64).tril().reshape(u.size(0), u.size(0), 1, 1);
                var written = (w.Step(u) * u).unsqueeze(-1) * w.Written(u).unsqueeze(-2); // [L,d,n]
                var read = (decays * written * w.Read(u).unsqueeze(1).unsqueeze(1)).sum(-1).sum(1);
                return (read + u * w.Skip).MoveToOuterDisposeScope();
            });
    }

    /// <summary>
    /// The gated recurrent network that S6 is with n = 1: h_i = σ(−z_i)^A∘h_{i−1} + softplus(z_i)∘(b_i u_i), y_i = c_i h_i + D u_i, one number
    /// z_i = W_Δ u_i + b for both gates. The weights are those of <see cref="S6"/> with the same seed and rate.
    /// </summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <param name="rate">A.</param>
    public static DsfModel S6AsGatedRnn(int dim, long seed, double rate = 1)
    {
        var w = new SelectiveWeights(dim, 1, rate, seed);
        Tensor Gate(Tensor u) => nn.functional.softplus(w.Logit(u));
        return new(
            "gated rnn",
            u => Channels(
                ReversedSigmoid.Forget(w.Logit(u), rate).unsqueeze(-1), (Gate(u) * w.Written(u)).unsqueeze(-1), w.Read(u).unsqueeze(-2), w.Skip),
            u => w.Read(u) * GatedModels.Decayed(rate * nn.functional.logsigmoid(-w.Logit(u)), Gate(u) * w.Written(u) * u) + u * w.Skip);
    }

    /// <summary>
    /// SSD, the token mixer of Mamba-2: Λ_i = e^{−aΔ_i}I with one Δ_i = softplus(w·u_i − 1) for all channels, B_i = Δ_i(I⊗b_i)W_V, C_i = I⊗c_i and
    /// D = diag·W_V. Directly: the catalogue's kernel, the quadratic dual form.
    /// </summary>
    /// <param name="dim">d, channels.</param>
    /// <param name="state">n, states a channel.</param>
    /// <param name="seed">Fixes the weights.</param>
    /// <param name="rate">a.</param>
    public static DsfModel Ssd(int dim, int state, long seed, double rate = 1)
    {
        var draw = new WeightDraw(seed);
        var (w, stepWeights, skip) = (new AttentionWeights(dim, state, draw), draw.Map(1, dim), draw.Normal(dim));
        Tensor Step(Tensor u) => nn.functional.softplus(u.matmul(stepWeights.t()) - 1);
        return new(
            "ssd",
            u => SsdAsAttention.Recurrent(w.Queries(u), w.Keys(u), Step(u), rate).ToSystem(w.Value, skip.unsqueeze(-1) * w.Value),
            u => Kernels.Ssd.Parallel(
                AttentionModels.Head(w.Queries(u)), AttentionModels.Head(w.Keys(u)), AttentionModels.Head(w.Values(u)), AttentionModels.Head(Step(u)),
                full([1, 1, 1, 1], -rate, ScalarType.Float64)).Output[0, 0] + w.Values(u) * skip);
    }

    /// <summary>
    /// LRU: d complex decays λ = e^{−ν+iθ}, the same at every step, written with √(1 − |λ|²)·B and read with the real part of C. Directly: the sum
    /// over all lags.
    /// </summary>
    /// <param name="dim">d, channels, and the size of the state.</param>
    /// <param name="seed">Fixes the weights.</param>
    public static DsfModel Lru(int dim, long seed)
    {
        var draw = new WeightDraw(seed);
        var (size, angle) = ((-draw.Uniform(0.05, 0.5, dim)).exp(), draw.Uniform(0, Math.PI, dim));
        var lambda = complex(size * angle.cos(), size * angle.sin());
        var b = complex(draw.Map(dim, dim), draw.Map(dim, dim)) * (1 - size.square()).sqrt().unsqueeze(-1);
        var (c, skip) = (complex(draw.Map(dim, dim), draw.Map(dim, dim)), diag(draw.Normal(dim)));
        return new(
            "lru",
            u => new(
                lambda.expand(u.size(0), dim), b.expand(u.size(0), dim, dim), c.expand(u.size(0), dim, dim),
                complex(skip, zeros_like(skip)).expand(u.size(0), dim, dim)),
            u =>
            {
                using var scope = NewDisposeScope();
                var outputs = Enumerable.Range(0, (int)u.size(0)).Select(i => Enumerable.Range(0, i + 1).Aggregate(
                    u[i].matmul(skip), (sum, lag) => sum + (c * lambda.pow((double)lag)).matmul(b).real.matmul(u[i - lag])));
                return stack([.. outputs]).MoveToOuterDisposeScope();
            });
    }

    /// <summary>A system whose channels have states of their own.</summary>
    /// <param name="decay">Λ, <c>[L,d,n]</c>.</param>
    /// <param name="written">What an input of a channel is written with, <c>[L,d,n]</c>.</param>
    /// <param name="read">What states are read with, <c>[L,d|1,n]</c>.</param>
    /// <param name="skip">The diagonal of D, <c>[d]</c>.</param>
    internal static DsfSystem Channels(Tensor decay, Tensor written, Tensor read, Tensor skip)
    {
        using var scope = NewDisposeScope();
        var identity = eye(decay.size(1), dtype: ScalarType.Float64);
        Tensor Own(Tensor x) => x.MoveToOuterDisposeScope();
        return new(
            Own(decay.flatten(1, 2)),
            Own((written.unsqueeze(-1) * identity.unsqueeze(1)).flatten(1, 2)),
            Own((identity.unsqueeze(-1) * read.unsqueeze(1)).flatten(2, 3)),
            Own((identity * skip).to(decay.dtype).expand(decay.size(0), -1, -1)));
    }

    private static DsfSystem Constant(Tensor decay, Tensor written, Tensor read, Tensor skip, long length)
    {
        Tensor Repeat(Tensor x) => x.expand([length, .. x.shape]);
        return Channels(Repeat(decay), Repeat(written), Repeat(read), skip);
    }

    /// <summary>A convolution, channel by channel: Σ over lags of kernel(lag)∘u_{i−lag}.</summary>
    private static Tensor Lags(long length, Func<long, Tensor> kernel, Tensor u)
    {
        using var scope = NewDisposeScope();
        var sum = zeros_like(u);
        for (var lag = 0L; lag < length; lag++)
            sum = sum + nn.functional.pad(kernel(lag) * u.narrow(0, 0, length - lag), [0, 0, lag, 0]);
        return sum.MoveToOuterDisposeScope();
    }
}

/// <summary>The weights of S6: W_Δ and its bias, A, W_B and W_C <c>[n,d]</c>, and D.</summary>
internal sealed class SelectiveWeights
{
    private readonly Tensor _step, _bias, _written, _read;

    public SelectiveWeights(int dim, int state, double? rate, long seed)
    {
        var draw = new WeightDraw(seed);
        (_step, _bias, _written, _read) = (draw.Map(dim, dim), draw.Normal(dim), draw.Map(state, dim), draw.Map(state, dim));
        Skip = draw.Normal(dim);
        Rate = rate is { } one ? full([dim, state], one, ScalarType.Float64) : draw.Uniform(0.5, 2, dim, state);
    }

    public Tensor Rate { get; }

    public Tensor Skip { get; }

    public Tensor Logit(Tensor u) => u.matmul(_step.t()) + _bias;

    public Tensor Step(Tensor u) => nn.functional.softplus(Logit(u));

    public Tensor Written(Tensor u) => u.matmul(_written.t());

    public Tensor Read(Tensor u) => u.matmul(_read.t());
}
