using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Linear maps, plain or under σReparam.</summary>
internal static class CollapseMaps
{
    public static nn.Module<Tensor, Tensor> Linear(long inputs, long outputs, bool bias, CollapseOptions options, SigmaPlaces place)
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
