using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>What happens when softmax is replaced by agent attention, on <see cref="GridTokens"/>.</summary>
/// <param name="Error">‖agents − softmax‖ / ‖softmax‖ of the outputs.</param>
/// <param name="Variation">How much outputs vary over the grid about their mean, as a share of what softmax's do.</param>
public sealed record AgentSwap(double Error, double Variation)
{
    private const int Dim = 32;

    /// <summary>Measures it with 32 channels.</summary>
    /// <param name="side">Rows, and columns, of the token grid.</param>
    /// <param name="agentSide">Rows, and columns, of the grid that agents are pooled to.</param>
    /// <param name="smoothness">The deviation of the tokens' blur, in cells.</param>
    /// <param name="seed">Fixes tokens, projections and random agents.</param>
    /// <param name="randomAgents">Whether agents are normal of the pooled ones' deviation in place of pooled.</param>
    /// <param name="exponent">The exponent of the scale of the second softmax.</param>
    public static AgentSwap Measure(int side, int agentSide, double smoothness, int seed, bool randomAgents = false, double exponent = 1)
    {
        using var scope = NewDisposeScope();
        var (q, k, v) = GridTokens.Draw(side, Dim, smoothness, seed);
        var agents = AgentPool.FromQueries(q, side, side, agentSide, agentSide);
        if (randomAgents)
        {
            using var generator = new Generator((ulong)seed + 1_000_000, CPU);
            agents = agents.std() * randn(agents.shape, ScalarType.Float64, generator: generator);
        }
        var output = AgentAttention.Forward(q, k, v, agents, new() { BroadcastExponent = exponent });
        var exact = Softmax.Plain(q, k, v);
        return new(((output - exact).norm() / exact.norm()).item<double>(), (Varies(output) / Varies(exact)).item<double>());
    }

    private static Tensor Varies(Tensor output) => (output - output.mean([2L], keepdim: true)).norm();
}
