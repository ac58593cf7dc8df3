using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// A feature map with a learned linear map before it, x ↦ φ(xW + b), one for each head, and others for queries than for keys. At first W is
/// the identity and b is zero, so that it begins as φ alone.
/// </summary>
public sealed class LearnedFeatureMap : nn.Module<Tensor, Tensor, (Tensor Queries, Tensor Keys)>
{
    private readonly FeatureMap _basis;
    private readonly Parameter _queryMap, _queryBias, _keyMap, _keyBias;

    /// <summary>A map that is φ at first.</summary>
    /// <param name="basis">φ.</param>
    /// <param name="heads">H.</param>
    /// <param name="dim">D, channels of a head's queries and keys.</param>
    /// <exception cref="ArgumentException">A size below 1.</exception>
    public LearnedFeatureMap(FeatureMap basis, int heads, int dim)
        : base(nameof(LearnedFeatureMap))
    {
        ArgumentNullException.ThrowIfNull(basis);
        Arguments.Positive(heads, nameof(heads));
        Arguments.Positive(dim, nameof(dim));
        using var scope = NewDisposeScope();
        Parameter Identity() => nn.Parameter(eye(dim).expand(heads, dim, dim).clone());
        Parameter Zero() => nn.Parameter(zeros(heads, 1, dim));
        (_basis, _queryMap, _queryBias, _keyMap, _keyBias) = (basis, Identity(), Zero(), Identity(), Zero());
        RegisterComponents();
        this.Keep();
    }

    /// <summary>The features of queries and of keys.</summary>
    /// <param name="q"><c>[B,H,Tq,D]</c>.</param>
    /// <param name="k"><c>[B,H,Tk,D]</c>.</param>
    /// <returns><c>[B,H,Tq,F]</c> and <c>[B,H,Tk,F]</c>.</returns>
    public override (Tensor Queries, Tensor Keys) forward(Tensor q, Tensor k) => (Queries(q), Keys(k));

    /// <summary>φ(qW + b), <c>[B,H,Tq,D]</c> to <c>[B,H,Tq,F]</c>.</summary>
    public Tensor Queries(Tensor q) => Apply(q, _queryMap, _queryBias, _basis.Queries);

    /// <summary>φ(kW + b) with the map of keys, <c>[B,H,Tk,D]</c> to <c>[B,H,Tk,F]</c>.</summary>
    public Tensor Keys(Tensor k) => Apply(k, _keyMap, _keyBias, _basis.Keys);

    private static Tensor Apply(Tensor x, Parameter map, Parameter bias, Func<Tensor, Tensor> basis)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.dim() != 4 || x.size(1) != map.size(0) || x.size(3) != map.size(1))
            Arguments.Fail(nameof(x), Arguments.Text(x.shape), $"[B,{map.size(0)},T,{map.size(1)}], the heads and channels of the map");
        using var scope = NewDisposeScope();
        return basis(x.matmul(map.to(x.dtype)) + bias.to(x.dtype)).MoveToOuterDisposeScope();
    }
}
