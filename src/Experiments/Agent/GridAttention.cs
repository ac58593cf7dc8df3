using Attn.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>
/// One head of any attention on a square grid, with the depthwise 3 × 3 convolution of the values that agent attention has: so that all are
/// compared with the same parts around them. <c>[B,T,d]</c> to <c>[B,T,d]</c>.
/// </summary>
internal sealed class GridAttention : nn.Module<Tensor, Tensor>
{
    private readonly AttentionCore _core;
    private readonly Linear _query, _key, _value, _output;
    private readonly Conv2d? _convolution;

    public GridAttention(AttentionCore core, int dim, bool convolution)
        : base(nameof(GridAttention))
    {
        Linear Projection() => nn.Linear(dim, dim, hasBias: false);
        (_core, _query, _key, _value, _output) = (core, Projection(), Projection(), Projection(), Projection());
        if (convolution)
            _convolution = nn.Conv2d(dim, dim, 3, padding: 1, groups: dim);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var v = _value.call(x);
        var attended = _core(_query.call(x).unsqueeze(1), _key.call(x).unsqueeze(1), v.unsqueeze(1)).squeeze(1);
        if (_convolution is not null)
        {
            var side = (long)Math.Sqrt(x.size(1));
            attended = attended + _convolution.call(v.transpose(1, 2).unflatten(2, [side, side])).flatten(2).transpose(1, 2);
        }
        return _output.call(attended).MoveToOuterDisposeScope();
    }
}
