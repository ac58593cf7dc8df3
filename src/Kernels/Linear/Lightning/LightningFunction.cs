using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>Lightning attention as one differentiable function: it keeps its inputs, and no state or score of any tile.</summary>
internal sealed class LightningFunction : GuardedFunction<LightningFunction>
{
    private const string Block = "block";

    public override string Name => nameof(LightningFunction);

    protected override (int Inputs, int Others) Arity => (5, 1);

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (q, k, v, logDecay, state) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (Tensor)vars[4]);
        Save(ctx, [q, k, v, logDecay, state]);
        ctx.save_data(Block, vars[5]);
        using var scope = NewDisposeScope();
        var result = LightningTiles.Of(logDecay, q, (long)vars[5]).Forward(q, k, v, state).MoveOut();
        return [result.Output, result.State!];
    }

    protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor?> outputGradients)
    {
        var saved = context.get_saved_variables();
        var (q, k, v, logDecay, state) = (saved[0], saved[1], saved[2], saved[3], saved[4]);
        var tiles = LightningTiles.Of(logDecay, q, (long)context.get_data(Block));
        var g = LightningBackward.Run(tiles, outputGradients[0] ?? zeros_like(v), outputGradients[1], q, k, v, state, logDecay.requires_grad);
        var byLogDecay = logDecay.shape[0] == 1 ? g.DLogDecay?.sum(0, keepdim: true) : g.DLogDecay;
        return [g.DQ, g.DK, g.DV, byLogDecay?.to(logDecay.dtype), g.DInitial, null];
    }
}
