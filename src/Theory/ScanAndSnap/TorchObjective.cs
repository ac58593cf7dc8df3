using static TorchSharp.torch;

namespace Attn.Theory.ScanAndSnap;

/// <summary>
/// The objective J of one sequence, written as the paper writes it (one-hot rows, softmax over positions, normalised sum, log softmax) and
/// differentiated by libtorch: the reference that Lemma 1 is checked against. It takes sequences, not counts.
/// </summary>
public static class TorchObjective
{
    /// <summary>J = log softmax(Yᵀ LN(Xᵀb))_n in nats and its derivatives by Y and Z, each [M, M] row-major, in float64.</summary>
    /// <param name="model">The tables Y and Z.</param>
    /// <param name="context">The T − 1 context tokens in any order.</param>
    /// <param name="query">The query token m.</param>
    /// <param name="next">The token to predict, n.</param>
    /// <exception cref="ArgumentException">An empty context, or an id outside the vocabulary.</exception>
    public static (double J, double[] Y, double[] Z) Gradients(ScanSnapModel model, IReadOnlyList<int> context, int query, int next)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(context);
        if (context.Count == 0)
            throw new ArgumentException("context: got no token, needs at least one.", nameof(context));
        foreach (var id in context.Append(query).Append(next))
            if (id < 0 || id >= model.Vocabulary)
                throw new ArgumentException($"context, query, next: got the id {id}, needs ids in [0, {model.Vocabulary}).", nameof(context));

        using var scope = NewDisposeScope();
        var size = model.Vocabulary;
        var y = tensor(model.Y, [size, size], float64).requires_grad_();
        var z = tensor(model.Z, [size, size], float64).requires_grad_();
        var x = nn.functional.one_hot(tensor(context.Select(id => (long)id).ToArray()), size).to(float64); // [T − 1, M]

        var b = softmax(x.matmul(z[query]), 0); // [T − 1]
        var combined = x.t().matmul(b); // [M]
        var f = combined / combined.norm();
        var j = nn.functional.log_softmax(y.t().matmul(f), 0)[next];

        var gradients = autograd.grad([j], [y, z]);
        return (j.item<double>(), gradients[0].data<double>().ToArray(), gradients[1].data<double>().ToArray());
    }
}
