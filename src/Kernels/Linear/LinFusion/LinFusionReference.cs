using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>LinFusion's attention by its formula, one query at a time.</summary>
internal static class LinFusionReference
{
    public static AttentionOutput Run(AttentionInputs inputs)
    {
        var (fq, fk, v) = (LinearAttention.EluPlusOne(inputs.Q), LinearAttention.EluPlusOne(inputs.K), inputs.V);
        var outputs = new List<Tensor>();
        for (var i = 0L; i < fq.size(2); i++)
        {
            var scores = (fq.narrow(2, i, 1) * fk).sum(-1, keepdim: true);
            outputs.Add((scores * v).mean([2], keepdim: true) / scores.mean([2], keepdim: true).clamp_min(LinFusion.Floor));
        }
        return new(cat(outputs, 2));
    }
}
