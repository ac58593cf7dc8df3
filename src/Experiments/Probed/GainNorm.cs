using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Layer normalisation of the last dimension with a learned gain, without a bias.</summary>
internal sealed class GainNorm : nn.Module<Tensor, Tensor>
{
    private readonly double _epsilon;
    private readonly Parameter _gain;

    public GainNorm(int dim, double epsilon)
        : base(nameof(GainNorm))
    {
        (_epsilon, _gain) = (epsilon, nn.Parameter(ones(dim)));
        RegisterComponents();
        this.Keep();
    }

    public override Tensor forward(Tensor x) => nn.functional.layer_norm(x, [x.size(-1)], _gain, null, _epsilon);
}
