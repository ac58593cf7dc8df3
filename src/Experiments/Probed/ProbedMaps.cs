using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>The linear maps of a <see cref="ProbedTransformer"/>, plain or under σReparam.</summary>
internal static class ProbedMaps
{
    public static nn.Module<Tensor, Tensor> Create(long inputs, long outputs, bool bias, ProbedOptions options, SigmaPlaces place)
    {
        if (!options.Sigma.HasFlag(place))
            return nn.Linear(inputs, outputs, hasBias: bias);
        var map = new SigmaReparamLinear(inputs, outputs, bias);
        map.Gamma.requires_grad = !options.FrozenGamma;
        return map;
    }

    /// <summary>The weight that a map multiplies with.</summary>
    public static Tensor Used(nn.Module<Tensor, Tensor> map) => map is SigmaReparamLinear sigma ? sigma.EffectiveWeight() : ((Linear)map).weight!;
}
