using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Agent attention in two steps, each agent and then each query for itself.</summary>
internal static class AgentReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (q, k, v, agents) = (inputs.Q, inputs.K, inputs.V, inputs.Tensor("agents"));
        var agentValues = Read(agents, k, v);
        return new(Read(q, agents, agentValues));
    }

    /// <summary>Every asking token takes the mean of the values, weighed by the exponentials of its products with what is asked.</summary>
    private static Tensor Read(Tensor asking, Tensor asked, Tensor values)
    {
        var outputs = new List<Tensor>();
        for (var i = 0L; i < asking.size(2); i++)
        {
            var logits = (asking.narrow(2, i, 1) * asked).sum(-1, keepdim: true) / Math.Sqrt(asking.size(3));
            var weights = exp(logits - logits.amax([2], keepdim: true).detach());
            outputs.Add((weights * values).sum(2, keepdim: true) / weights.sum(2, keepdim: true));
        }
        return cat(outputs, 2);
    }
}
