using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>
/// The dynamical systems framework (Sieber et al. 2024, arXiv 2405.15731): attention, state space models and gated recurrent networks as
/// one kind of system, h_i = Λ_i h_{i−1} + B_i u_i, y_i = C_i h_i + D_i u_i. Here rows of the catalogue are read as systems and back, and
/// systems are compared.
/// </summary>
public static class Dsf
{
    /// <summary>Which singular values count for a rank, as a share of the largest.</summary>
    public const double RankTolerance = 1e-12;

    /// <summary>The rows of the catalogue that are systems of this kind, with a state that does not grow.</summary>
    public static IReadOnlyList<string> Ids => [.. Catalog.Rows.Where(row => CatalogueHeads.Find(row).Head is not null).Select(row => row.Id)];

    /// <summary>Why a row of the catalogue is no system of this kind; null when it is one.</summary>
    /// <param name="id">A mechanism's id.</param>
    /// <exception cref="ArgumentException">There is no such mechanism.</exception>
    public static string? WhyNot(string id) => CatalogueHeads.Find(Catalog.Find(id)).Reason;

    /// <summary>A row of the catalogue as a system.</summary>
    /// <param name="id">A mechanism's id, such as <c>gated-linear</c>.</param>
    /// <exception cref="ArgumentException">There is no such mechanism, or it is no system of this kind; the message says why.</exception>
    public static DsfMechanism From(string id)
    {
        var row = Catalog.Find(id);
        var (head, reason) = CatalogueHeads.Find(row);
        return head is null ? throw new ArgumentException($"id: got {id}, needs a system with diagonal Λ and finite state: {reason}.", nameof(id)) : new(row, head);
    }

    /// <summary>The rank of Φ's block by which inputs before <paramref name="t"/> reach outputs from it on: at most N, whatever the system.</summary>
    /// <param name="phi">Φ <c>[L·p,L·d]</c>, as <see cref="DsfSystem.Kernel"/> gives it.</param>
    /// <param name="length">L.</param>
    /// <param name="t">From 1 to L − 1.</param>
    /// <param name="tolerance">Which singular values count, as a share of the block's largest.</param>
    /// <exception cref="ArgumentException">A matrix that is not of L steps, or a t out of range.</exception>
    public static int OffDiagonalRank(Tensor phi, int length, int t, double tolerance = RankTolerance)
    {
        using var scope = NewDisposeScope();
        return (int)RankDiagnostics.Numerical(OffDiagonal(phi, length, t), tolerance).item<double>();
    }

    /// <summary>The block of Φ by which inputs before <paramref name="t"/> reach outputs from it on: a product of N columns and N rows.</summary>
    /// <param name="phi">Φ <c>[…,L·p,L·d]</c>.</param>
    /// <param name="length">L.</param>
    /// <param name="t">From 1 to L − 1.</param>
    /// <returns><c>[…,(L − t)·p,t·d]</c>, a view.</returns>
    /// <exception cref="ArgumentException">A matrix that is not of L steps, or a t out of range.</exception>
    public static Tensor OffDiagonal(Tensor phi, int length, int t)
    {
        ArgumentNullException.ThrowIfNull(phi);
        if (length < 1 || phi.dim() < 2 || phi.size(-1) % length != 0 || phi.size(-2) % length != 0)
            throw new ArgumentException($"phi: got [{string.Join(",", phi.shape)}], needs […,{length}·p,{length}·d].", nameof(phi));
        if (t < 1 || t >= length)
            throw new ArgumentException($"t: got {t}, needs a step from 1 to {length - 1}.", nameof(t));
        var (outputs, inputs) = (phi.size(-2) / length, phi.size(-1) / length);
        return phi.narrow(-2, t * outputs, (length - t) * outputs).narrow(-1, 0, t * inputs);
    }

    /// <summary>Compares two models on one input.</summary>
    /// <param name="a">The first.</param>
    /// <param name="b">The second, with as many outputs.</param>
    /// <param name="u"><c>[L,d]</c>, L at least 2.</param>
    /// <exception cref="ArgumentException">Models or an input that do not fit each other.</exception>
    public static DsfComparison Compare(DsfModel a, DsfModel b, Tensor u)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        ArgumentNullException.ThrowIfNull(u);
        using var scope = NewDisposeScope();
        return Compare((a.Name, a.System(u)), (b.Name, b.System(u)), u);
    }

    /// <summary>Compares two rows of the catalogue, one head of random tensors: the same q, k and v for both, further tensors as each row draws them.</summary>
    /// <param name="a">A mechanism's id.</param>
    /// <param name="b">Another's.</param>
    /// <param name="length">L, tokens; at least 2.</param>
    /// <param name="dim">D, channels of queries, keys and values.</param>
    /// <param name="seed">Fixes the tensors.</param>
    /// <exception cref="ArgumentException">No such mechanism, or one that is no system; a size that is too small.</exception>
    public static DsfComparison Compare(string a, string b, int length = 24, int dim = 4, long seed = 1)
    {
        if (length < 2)
            throw new ArgumentException($"length: got {length}, needs at least 2.", nameof(length));
        if (dim < 1)
            throw new ArgumentException($"dim: got {dim}, needs at least 1.", nameof(dim));
        using var scope = NewDisposeScope();
        (DsfMechanism From, AttentionInputs Inputs) Draw(string id)
        {
            var from = From(id);
            return (from, AttentionInputs.Random(from.Row, AttentionShape.Self(1, 1, length, dim), seed, ScalarType.Float64, causal: true));
        }
        var (first, second) = (Draw(a), Draw(b));
        DsfSystem One((DsfMechanism From, AttentionInputs Inputs) drawn)
        {
            var head = drawn.From.Of(drawn.Inputs);
            return new HeadSystem(head.Decay[0, 0], head.Keys[0, 0], head.Queries[0, 0]).ToSystem(dim);
        }
        return Compare((a, One(first)), (b, One(second)), first.Inputs.V[0, 0]);
    }

    /// <summary>Compares two systems on one input.</summary>
    /// <param name="a">A name and the first system, without leading dimensions.</param>
    /// <param name="b">A name and the second, of as many steps, inputs and outputs.</param>
    /// <param name="u"><c>[L,d]</c>, L at least 2.</param>
    /// <exception cref="ArgumentException">Systems or an input that do not fit each other.</exception>
    public static DsfComparison Compare((string Name, DsfSystem System) a, (string Name, DsfSystem System) b, Tensor u)
    {
        foreach (var (name, system) in new[] { (nameof(a), a.System), (nameof(b), b.System) })
        {
            ArgumentNullException.ThrowIfNull(system);
            if (system.Lambda.dim() != 2 || system.Length < 2)
                throw new ArgumentException($"{name}: got Λ [{string.Join(",", system.Lambda.shape)}], needs [L,N] with L of at least 2.", name);
        }
        if ((a.System.Length, a.System.Inputs, a.System.Outputs) != (b.System.Length, b.System.Inputs, b.System.Outputs))
            throw new ArgumentException(
                $"b: got {b.System.Length} steps, {b.System.Inputs} inputs, {b.System.Outputs} outputs, "
                + $"needs {a.System.Length}, {a.System.Inputs}, {a.System.Outputs} as a has.",
                nameof(b));
        using var scope = NewDisposeScope();
        var (ya, yb, phiA, phiB) = (a.System.Run(u), b.System.Run(u), a.System.Kernel(), b.System.Kernel());
        return new(
            Side(a, phiA), Side(b, phiB), (ya - yb).abs().max().item<double>(), ya.abs().max().item<double>(),
            ((phiA - phiB).norm() / phiA.norm()).item<double>());
    }

    private static DsfSide Side((string Name, DsfSystem System) one, Tensor phi)
    {
        var decay = one.System.Lambda.narrow(0, 1, one.System.Length - 1).abs();
        return new(
            one.Name, one.System.StateSize, OffDiagonalRank(phi, one.System.Length, one.System.Length / 2),
            decay.min().item<double>(), decay.max().item<double>());
    }
}
