using static TorchSharp.torch;

namespace Attn.Theory.Dsf;

/// <summary>
/// The first features of softmax attention: φ(q)·φ(k) = T_p(q·k), the Taylor polynomial of e^x to order p. Every monomial x^α of degree up to p is
/// there once, over √α!, so that n = C(m + p, p); with p → ∞ they are softmax's own, infinitely many (arXiv 2405.15731, §4.1).
/// </summary>
public sealed class SoftmaxTaylorFeatures
{
    private readonly List<(long[] Parents, long[] Channels, double[] Factors)> _degrees = [];

    /// <summary>The features to an order.</summary>
    /// <param name="dim">m, channels.</param>
    /// <param name="order">p, at least 0.</param>
    /// <exception cref="ArgumentException">A number out of range.</exception>
    public SoftmaxTaylorFeatures(int dim, int order)
    {
        if (dim < 1)
            throw new ArgumentException($"dim: got {dim}, needs at least 1.", nameof(dim));
        CheckOrder(order);
        (Dim, Order, Width) = (dim, order, 1);
        // A monomial comes from the one without its last channel, x^α = x^(α − e_c)·x_c; √α! grows by the square root of how often c is in it.
        var last = new List<(int Channel, int Times)> { (0, 0) };
        for (var degree = 1; degree <= order; degree++)
        {
            var (parents, channels, factors, next) = (new List<long>(), new List<long>(), new List<double>(), new List<(int, int)>());
            foreach (var (parent, (channel, times)) in last.Index())
                for (var c = channel; c < dim; c++)
                {
                    var again = c == channel ? times + 1 : 1;
                    parents.Add(parent);
                    channels.Add(c);
                    factors.Add(1 / Math.Sqrt(again));
                    next.Add((c, again));
                }
            _degrees.Add(([.. parents], [.. channels], [.. factors]));
            (last, Width) = (next, Width + next.Count);
        }
    }

    /// <summary>m.</summary>
    public int Dim { get; }

    /// <summary>p.</summary>
    public int Order { get; }

    /// <summary>n = C(m + p, p).</summary>
    public int Width { get; }

    /// <summary>φ(x), token by token.</summary>
    /// <param name="x"><c>[…,m]</c>, a floating dtype.</param>
    /// <returns><c>[…,n]</c>.</returns>
    /// <exception cref="ArgumentException">Another number of channels.</exception>
    public Tensor Map(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() < 1 || x.size(-1) != Dim)
            throw new ArgumentException($"x: got [{string.Join(",", x.shape)}], needs […,{Dim}].", nameof(x));
        using var scope = NewDisposeScope();
        var degree = ones_like(x.narrow(-1, 0, 1));
        var features = new List<Tensor> { degree };
        foreach (var (parents, channels, factors) in _degrees)
            features.Add(degree = degree.index_select(-1, tensor(parents)) * x.index_select(-1, tensor(channels)) * tensor(factors).to(x.dtype));
        return cat(features, -1).MoveToOuterDisposeScope();
    }

    /// <summary>T_p, number by number.</summary>
    /// <param name="scores">Products of queries and keys, any shape.</param>
    /// <param name="order">p.</param>
    public static Tensor Kernel(Tensor scores, int order)
    {
        ArgumentNullException.ThrowIfNull(scores);
        CheckOrder(order);
        using var scope = NewDisposeScope();
        var sum = ones_like(scores); // By Horner's rule.
        for (var k = order; k >= 1; k--)
            sum = 1 + scores / k * sum;
        return sum.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// ε = R^{p+1}e^R/(p + 1)!, which bounds |e^x − T_p(x)| for |x| ≤ R, and that error as a share of e^x too.
    /// </summary>
    /// <param name="order">p.</param>
    /// <param name="radius">R, at least 0.</param>
    public static double KernelBound(int order, double radius)
    {
        CheckOrder(order);
        if (!(radius >= 0))
            throw new ArgumentException($"radius: got {radius}, needs at least 0.", nameof(radius));
        return Enumerable.Range(1, order + 1).Aggregate(Math.Exp(radius), (product, k) => product * radius / k);
    }

    /// <summary>
    /// 2ε/(1 − ε): what bounds |o − ô| / max_j |v_j| for the outputs of softmax and of its truncation. ∞ where ε is 1 or more, for then the weights
    /// may sum to anything.
    /// </summary>
    /// <inheritdoc cref="KernelBound"/>
    public static double OutputBound(int order, double radius) =>
        KernelBound(order, radius) is var epsilon and < 1 ? 2 * epsilon / (1 - epsilon) : double.PositiveInfinity;

    private static void CheckOrder(int order)
    {
        if (order < 0)
            throw new ArgumentException($"order: got {order}, needs at least 0.", nameof(order));
    }
}
