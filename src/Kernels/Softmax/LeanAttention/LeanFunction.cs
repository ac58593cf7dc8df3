using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// LeanAttention as one differentiable function: it keeps what FlashAttention keeps, and its backward pass is that one's. Arguments: q, k, v,
/// the tiles and the number of workers.
/// </summary>
internal sealed class LeanFunction : GuardedFunction<LeanFunction>
{
    public override string Name => nameof(LeanFunction);

    protected override (int Inputs, int Others) Arity => (3, 2);

    protected override IReadOnlyList<Tensor> Results(autograd.AutogradContext context, IReadOnlyList<object> arguments)
    {
        var (tiles, workers) = ((Tiles)arguments[3], (int)arguments[4]);
        var (q, k, v) = ((Tensor)arguments[0], (Tensor)arguments[1], (Tensor)arguments[2]);
        var (batch, heads) = (q.size(0), q.size(1));
        Tensor Slice(Tensor tensor, long output) => tensor.flatten(0, 1).narrow(0, output, 1).unsqueeze(0);
        var problems = Enumerable.Range(0, (int)(batch * heads))
            .Select(output => tiles with { Q = Slice(q, output), K = Slice(k, output), V = Slice(v, output) });
        var results = LeanExecutor.Run([.. problems], workers);
        var output = cat([.. results.Select(result => result.Output)], 1).reshape(batch, heads, q.size(2), v.size(3));
        var logSumExp = cat([.. results.Select(result => result.LogSumExp)], 1).reshape(batch, heads, q.size(2));
        Save(context, [q, k, v, output, logSumExp]);
        context.save_data(nameof(Tiles), tiles);
        return [output];
    }

    protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients)
    {
        var saved = context.get_saved_variables();
        var tiles = (Tiles)context.get_data(nameof(Tiles)) with { Q = saved[0], K = saved[1], V = saved[2] };
        var (dq, dk, dv) = FlashBackward.Run(tiles, outputGradients[0], saved[4], FlashBackward.RowDot(outputGradients[0], saved[3]));
        return [dq, dk, dv, null, null];
    }
}
