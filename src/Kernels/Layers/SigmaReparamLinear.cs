using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// A linear layer under σReparam, y = x Ŵᵀ + b with Ŵ = γ/σ(W)·W (Zhai et al. 2023, arXiv 2303.06296, §3.2): γ is a learned number, and
/// σ(W) = vᵀWu the spectral norm by one power iteration a forward pass in training, on a vector u that is kept with the weights. Ŵ's spectral
/// norm is γ, whatever W does, as far as u keeps up: at large learning rates it lags, σ(W) is estimated too low and the norm exceeds γ.
/// </summary>
/// <remarks>
/// <c>[…,n]</c> to <c>[…,m]</c>. The gradient passes through σ(W), with u and v held fixed; what it does along W itself falls out:
/// ∇_W = γ/σ·(G − ⟨G,W⟩/σ·vuᵀ), G that of Ŵ. The bias is not normalised. σ is computed in float32 or better. In evaluation u stays as it is.
/// Weight decay on W changes nothing but its step size; leave W and γ out of it.
/// </remarks>
public sealed class SigmaReparamLinear : nn.Module<Tensor, Tensor>
{
    private const double LeastSigma = 1e-30; // W = 0 gives Ŵ = 0, not NaN.
    private readonly Parameter _weight, _gamma;
    private readonly Parameter? _bias;
    private readonly Tensor _right;
    private readonly SigmaGain _gain;

    /// <summary>A layer with weights from a normal distribution cut at two deviations, no bias at first, and u from their decomposition.</summary>
    /// <param name="inputs">n, channels of x.</param>
    /// <param name="outputs">m, channels of y.</param>
    /// <param name="bias">Whether a bias is added.</param>
    /// <param name="gain">Where γ starts.</param>
    /// <param name="deviation">The deviation of the weights; 1/√n when null.</param>
    /// <exception cref="ArgumentException">A size below 1, or a deviation that is not positive.</exception>
    public SigmaReparamLinear(long inputs, long outputs, bool bias = true, SigmaGain gain = SigmaGain.One, double? deviation = null)
        : base(nameof(SigmaReparamLinear))
    {
        Arguments.Positive(inputs, nameof(inputs));
        Arguments.Positive(outputs, nameof(outputs));
        var std = deviation ?? 1 / Math.Sqrt(inputs);
        if (!(std > 0 && double.IsFinite(std)))
            Arguments.Fail(nameof(deviation), std.ToString(System.Globalization.CultureInfo.InvariantCulture), "a positive finite number");
        using var scope = NewDisposeScope();
        _gain = gain;
        (_weight, _gamma, _right) = (nn.Parameter(empty(outputs, inputs)), nn.Parameter(ones([])), empty(inputs));
        _bias = bias ? nn.Parameter(zeros(outputs)) : null;
        RegisterComponents(); // u too, as a buffer.
        this.Keep();
        Initialise(std * CutNormal.Draw([outputs, inputs]));
    }

    /// <summary>W <c>[m,n]</c>, learned.</summary>
    public Parameter Weight => _weight;

    /// <summary>γ, a learned scalar: Ŵ's spectral norm.</summary>
    public Parameter Gamma => _gamma;

    /// <summary>b <c>[m]</c>, learned; null without one.</summary>
    public Parameter? Bias => _bias;

    /// <summary>u <c>[n]</c>, the estimate of W's first right singular vector; power iteration changes it in place.</summary>
    public Tensor Right => _right;

    /// <summary>Starts from a weight of one's own: W is a copy of it, u its first right singular vector, γ as the gain says, b zero.</summary>
    /// <param name="weight"><c>[m,n]</c>.</param>
    /// <exception cref="ArgumentException">Another shape.</exception>
    public void Initialise(Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (!weight.shape.SequenceEqual(_weight.shape))
            Arguments.Fail(nameof(weight), Arguments.Text(weight.shape), $"[m,n] = {Arguments.Text(_weight.shape)}");
        using var off = no_grad();
        using var scope = NewDisposeScope();
        _weight.copy_(weight);
        var (_, values, rights) = linalg.svd(_weight.Widen(), false);
        _right.copy_(rights[0]);
        if (_gain == SigmaGain.InitialSigma)
            _gamma.copy_(values[0]);
        else
            _gamma.fill_(1);
        _bias?.zero_();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor x)
    {
        if (x.dim() == 0 || x.size(-1) != _weight.size(1))
            Arguments.Fail(nameof(x), Arguments.Text(x.shape), $"[…,n] with n = {_weight.size(1)}");
        using var scope = NewDisposeScope();
        if (training)
            PowerIterate();
        return nn.functional.linear(x, EffectiveWeight(), _bias).MoveToOuterDisposeScope();
    }

    /// <summary>σ(W) = vᵀWu as u has it now, a scalar; differentiable in W.</summary>
    public Tensor Sigma()
    {
        using var scope = NewDisposeScope();
        var weight = _weight.Widen();
        // A copy: the next step changes u in place, perhaps before this pass's backward reads it.
        var right = _right.to(weight.dtype).clone();
        var (left, _) = PowerIteration.Step(weight, right);
        return left.dot(weight.mv(right)).MoveToOuterDisposeScope();
    }

    /// <summary>Ŵ = γ/σ(W)·W <c>[m,n]</c>, in W's dtype; differentiable in W and γ.</summary>
    public Tensor EffectiveWeight()
    {
        using var scope = NewDisposeScope();
        var factor = _gamma.Widen() / Sigma().clamp_min(LeastSigma);
        return (factor * _weight.Widen()).to(_weight.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>One step of power iteration on u. A forward pass in training takes it first: one a pass, so as many as micro-batches.</summary>
    public void PowerIterate()
    {
        using var off = no_grad();
        using var scope = NewDisposeScope();
        var weight = _weight.Widen();
        _right.copy_(PowerIteration.Step(weight, _right.to(weight.dtype)).Right);
    }
}
