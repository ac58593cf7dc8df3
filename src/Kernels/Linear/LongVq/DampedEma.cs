using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// A damped moving average with several memories a channel, <c>[B,T,d]</c> to <c>[B,T,d]</c>:
/// u_t^{(j)} = α_jβ_jx_t + (1 − α_jδ_j)u_{t−1}^{(j)}, m_t = Σ_j η_ju_t^{(j)}, with α, δ ∈ (0,1) (Ma et al. 2023, arXiv 2209.10655).
/// </summary>
public sealed class DampedEma : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _alpha, _delta, _beta, _eta;

    /// <summary>Averages with fresh weights.</summary>
    /// <param name="dim">d.</param>
    /// <param name="order">Memories a channel.</param>
    /// <param name="seed">Fixes the weights.</param>
    public DampedEma(int dim, int order = 4, long seed = 1)
        : base(nameof(DampedEma))
    {
        Arguments.Positive(dim, nameof(dim));
        Arguments.Positive(order, nameof(order));
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed, CPU);
        Parameter Normal(double deviation) => nn.Parameter(deviation * randn([dim, order], generator: generator));
        (_alpha, _delta, _beta, _eta) = (Normal(1), Normal(1), Normal(1), Normal(1 / Math.Sqrt(order)));
        RegisterComponents();
        this.Keep();
    }

    /// <summary>All tokens, in chunks of 64: a product with powers of 1 − αδ inside, the memories u between.</summary>
    /// <param name="x"><c>[B,T,d]</c>.</param>
    public override Tensor forward(Tensor x)
    {
        const int Chunk = 64;
        using var scope = NewDisposeScope();
        var (written, kept) = Factors();
        var size = Math.Min(Chunk, x.size(1));
        var powers = (kept.log().unsqueeze(-1) * arange(size + 1, x.dtype, x.device)).exp();
        var outputs = new List<Tensor>();
        Tensor? state = null;
        foreach (var part in x.permute(2, 1, 0).split(Chunk, 1))
        {
            var length = part.size(1);
            var back = arange(length, ScalarType.Int64, x.device).unsqueeze(1) - arange(length, ScalarType.Int64, x.device);
            var kernel = ((_eta * written).unsqueeze(-1) * powers).sum(1);
            var inside = kernel.index_select(1, back.clamp_min(0).flatten()).view(-1, length, length) * (back >= 0);
            var output = inside.matmul(part);
            var next = (written.unsqueeze(-1) * powers.narrow(2, 0, length).flip(2)).matmul(part);
            if (state is not null)
            {
                output = output + (_eta.unsqueeze(-1) * powers.narrow(2, 1, length)).transpose(1, 2).matmul(state);
                next = next + powers.narrow(2, length, 1) * state;
            }
            state = next;
            outputs.Add(output);
        }
        return cat(outputs, 1).permute(2, 1, 0).MoveToOuterDisposeScope();
    }

    /// <summary>One token, from the memories before it.</summary>
    /// <param name="x"><c>[B,1,d]</c>.</param>
    /// <param name="state">u, <c>[B,d,order]</c>; zero when null.</param>
    /// <returns><c>[B,1,d]</c> and the memories after it.</returns>
    public (Tensor Output, Tensor State) Step(Tensor x, Tensor? state)
    {
        using var scope = NewDisposeScope();
        var (written, kept) = Factors();
        var next = written * x.transpose(1, 2);
        next = state is null ? next : next + kept * state;
        return ((next * _eta).sum(-1).unsqueeze(1).MoveToOuterDisposeScope(), next.MoveToOuterDisposeScope());
    }

    private (Tensor Written, Tensor Kept) Factors()
    {
        var alpha = _alpha.sigmoid();
        return (alpha * _beta, 1 - alpha * _delta.sigmoid());
    }
}
