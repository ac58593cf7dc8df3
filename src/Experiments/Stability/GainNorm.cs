using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>Layer normalisation of the last dimension with a learned gain, without a bias; ε is 10⁻⁶.</summary>
internal sealed class GainNorm : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-6;
    private readonly Parameter _gain;

    public GainNorm(int dim)
        : base(nameof(GainNorm))
    {
        _gain = nn.Parameter(ones(dim));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => nn.functional.layer_norm(x, [x.size(-1)], _gain, null, Epsilon);
}
