using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Lightning attention as one differentiable function: it keeps its inputs, and no state or score of any tile.</summary>
internal sealed class LightningFunction : GuardedFunction<LightningFunction>
{
    private const string Block = "block";

    public override string Name => nameof(LightningFunction);

    protected override (int Inputs, int Others) Arity => (5, 1);

    protected override IReadOnlyList<Tensor> Results(autograd.AutogradContext context, IReadOnlyList<object> arguments)
    {
        var (q, k, v) = ((Tensor)arguments[0], (Tensor)arguments[1], (Tensor)arguments[2]);
        var (logDecay, state, block) = ((Tensor)arguments[3], (Tensor)arguments[4], (long)arguments[5]);
        Save(context, [q, k, v, logDecay, state]);
        context.save_data(Block, block);
        using var scope = NewDisposeScope();
        var result = LightningTiles.Of(logDecay, q, block).Forward(q, k, v, state).MoveOut();
        return [result.Output, result.State!];
    }

    protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients)
    {
        var saved = context.get_saved_variables();
        var (q, k, v, logDecay, state) = (saved[0], saved[1], saved[2], saved[3], saved[4]);
        var tiles = LightningTiles.Of(logDecay, q, (long)context.get_data(Block));
        var g = LightningBackward.Run(tiles, outputGradients[0], outputGradients[1], q, k, v, state, logDecay.requires_grad);
        var byLogDecay = logDecay.size(0) == 1 ? g.DLogDecay?.sum(0, keepdim: true) : g.DLogDecay;
        return [g.DQ, g.DK, g.DV, byLogDecay?.to(logDecay.dtype), g.DInitial, null];
    }
}
