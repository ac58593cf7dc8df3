using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>FlashAttention as one differentiable function: it keeps q, k, v, O and LSE, never a row of scores.</summary>
internal sealed class FlashFunction : GuardedFunction<FlashFunction>
{
    public override string Name => nameof(FlashFunction);

    protected override (int Inputs, int Others) Arity => (3, 1);

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (q, k, v, tiles) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tiles)vars[3]);
        var (output, logSumExp) = FlashForward.Run(tiles);
        Save(ctx, [q, k, v, output, logSumExp]);
        ctx.save_data(nameof(Tiles), tiles);
        return [output, logSumExp];
    }

    protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor?> outputGradients)
    {
        var saved = context.get_saved_variables();
        var settings = (Tiles)context.get_data(nameof(Tiles));
        var tiles = settings with { Q = saved[0], K = saved[1], V = saved[2] };
        var outputGradient = outputGradients[0] ?? zeros_like(saved[3]);
        var rowDot = FlashBackward.RowDot(outputGradient, saved[3]);
        // ∂LSE_i/∂S_ij = P_ij, so its gradient joins dP − D with the opposite sign of D.
        if (outputGradients[1] is { } logSumExpGradient)
            rowDot = rowDot - logSumExpGradient.unsqueeze(-1);
        var (dq, dk, dv) = FlashBackward.Run(tiles, outputGradient, saved[4], rowDot);
        return [dq, dk, dv, null];
    }
}
