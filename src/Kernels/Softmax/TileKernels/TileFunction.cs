using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Attention by the <see cref="TileKernels"/> as one differentiable function; it keeps q, k and v, and where rows are normed the output and the norms. Arguments:
/// q, k, v and the kernels' settings.
/// </summary>
internal sealed class TileFunction : GuardedFunction<TileFunction>
{
    public override string Name => nameof(TileFunction);

    protected override (int Inputs, int Others) Arity => (3, 1);

    /// <summary>Attention by the kernels; null where they do not serve the call, or cannot run. The arguments are checked already.</summary>
    public static Tensor? TryAttend(Tensor q, Tensor k, Tensor v, TileKernels kernels)
    {
        if (!TileKernels.Serves(q, k, v))
            return null;
        return CudaKernels.TryRun(() => is_grad_enabled() && (q.requires_grad || k.requires_grad || v.requires_grad)
            ? Call(q, k, v, kernels)[0]
            : kernels.Forward(q, k, v).Output);
    }

    protected override IReadOnlyList<Tensor> Results(autograd.AutogradContext context, IReadOnlyList<object> arguments)
    {
        var (q, k, v, kernels) = ((Tensor)arguments[0], (Tensor)arguments[1], (Tensor)arguments[2], (TileKernels)arguments[3]);
        using var off = no_grad();
        var (output, norms) = kernels.Forward(q, k, v);
        Save(context, norms is null ? [q, k, v] : [q, k, v, output, norms]);
        context.save_data(nameof(TileKernels), kernels);
        return [output];
    }

    protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients)
    {
        var x = context.get_saved_variables();
        var kernels = (TileKernels)context.get_data(nameof(TileKernels));
        var (dq, dk, dv) = kernels.IsNormed
            ? kernels.Backward(x[0], x[1], x[2], outputGradients[0], x[4], FlashBackward.RowDot(outputGradients[0], x[3]))
            : kernels.Backward(x[0], x[1], x[2], outputGradients[0]);
        return [dq, dk, dv, null];
    }
}
