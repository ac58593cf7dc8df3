using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>What is added to, and how sharp are, the two softmaxes of agent attention.</summary>
public sealed record AgentOptions
{
    /// <summary>Content alone, at the usual scale.</summary>
    public static AgentOptions Default { get; } = new();

    /// <summary>s, the factor on both products; D^−½ when null.</summary>
    public double? Scale { get; init; }

    /// <summary>The exponent of s in the second softmax, that over agents: 1 in the trained models, 0.3 where agents are put into a trained model.</summary>
    public double BroadcastExponent { get; init; } = 1;

    /// <summary>B₁, added to the agents' logits of the keys: <c>[n,Tk]</c> or broadcastable to <c>[B,H,n,Tk]</c>.</summary>
    public Tensor? KeyBias { get; init; }

    /// <summary>B₂, added to the queries' logits of the agents: <c>[Tq,n]</c> or broadcastable to <c>[B,H,Tq,n]</c>.</summary>
    public Tensor? QueryBias { get; init; }
}
