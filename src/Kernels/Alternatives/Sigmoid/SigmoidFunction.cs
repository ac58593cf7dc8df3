using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>FlashSigmoid as one differentiable function. Arguments: q, k, v and the tile loops.</summary>
internal sealed class SigmoidFunction : GuardedFunction<SigmoidFunction>
{
    public override string Name => nameof(SigmoidFunction);

    protected override (int Inputs, int Others) Arity => (3, 1);

    protected override IReadOnlyList<Tensor> Results(autograd.AutogradContext context, IReadOnlyList<object> arguments)
    {
        var loops = (SigmoidTiles)arguments[3];
        Save(context, [(Tensor)arguments[0], (Tensor)arguments[1], (Tensor)arguments[2]]);
        context.save_data(nameof(SigmoidTiles), loops);
        return [loops.Forward()];
    }

    protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients)
    {
        var saved = context.get_saved_variables();
        var loops = (SigmoidTiles)context.get_data(nameof(SigmoidTiles));
        var restored = loops with { Tiles = loops.Tiles with { Q = saved[0], K = saved[1], V = saved[2] } };
        return [.. restored.Backward(outputGradients[0]), null];
    }
}
