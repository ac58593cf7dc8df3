using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// FlashAttention as one differentiable function: it keeps q, k, v, O and LSE, never a row of scores. Arguments: q, k, v, the tiles,
/// and whether the LSE is a result beside the output.
/// </summary>
internal sealed class FlashFunction : GuardedFunction<FlashFunction>
{
    public override string Name => nameof(FlashFunction);

    protected override (int Inputs, int Others) Arity => (3, 2);

    protected override IReadOnlyList<Tensor> Results(autograd.AutogradContext context, IReadOnlyList<object> arguments)
    {
        var (q, k, v, tiles) = ((Tensor)arguments[0], (Tensor)arguments[1], (Tensor)arguments[2], (Tiles)arguments[3]);
        var (output, logSumExp) = FlashForward.Run(tiles);
        Save(context, [q, k, v, output, logSumExp]);
        context.save_data(nameof(Tiles), tiles);
        return (bool)arguments[4] ? [output, logSumExp] : [output];
    }

    protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients)
    {
        var saved = context.get_saved_variables();
        var settings = (Tiles)context.get_data(nameof(Tiles));
        var tiles = settings with { Q = saved[0], K = saved[1], V = saved[2] };
        // ∂LSE_i/∂S_ij = P_ij, so its gradient joins dP − D with the opposite sign of D.
        var rowDot = FlashBackward.RowDot(outputGradients[0], saved[3]);
        if (outputGradients.Count > 1)
            rowDot = rowDot - outputGradients[1].unsqueeze(-1);
        var (dq, dk, dv) = FlashBackward.Run(tiles, outputGradients[0], saved[4], rowDot);
        return [dq, dk, dv, null, null];
    }
}
