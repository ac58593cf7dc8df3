using static TorchSharp.torch;

namespace Attn.Experiments;

/// <summary>A linear map with an intercept, fitted by ridge regression.</summary>
/// <param name="Weights"><c>[features + 1, targets]</c>, the intercept last.</param>
public sealed record LeastSquares(Tensor Weights)
{
    /// <summary>Minimises the mean square error plus <paramref name="ridge"/> times the squared weights, intercept included.</summary>
    /// <param name="features"><c>[M, features]</c>.</param>
    /// <param name="targets"><c>[M, targets]</c>.</param>
    /// <param name="ridge">At least 0; 0 needs independent features.</param>
    public static LeastSquares Fit(Tensor features, Tensor targets, double ridge = 0)
    {
        using var scope = NewDisposeScope();
        var x = WithOne(features);
        var moments = x.t().matmul(x) / x.size(0) + ridge * eye(x.size(1), dtype: x.dtype, device: x.device);
        return new(linalg.solve(moments, x.t().matmul(targets) / x.size(0)).MoveToOuterDisposeScope());
    }

    /// <summary>1 − (squared error) / (squared deviation of the targets from their means), over all targets.</summary>
    /// <param name="features"><c>[M, features]</c>.</param>
    /// <param name="targets"><c>[M, targets]</c>.</param>
    public double RSquared(Tensor features, Tensor targets)
    {
        using var scope = NewDisposeScope();
        return RSquaredOf(WithOne(features).matmul(Weights), targets);
    }

    /// <summary>R² of predictions that are given.</summary>
    /// <param name="predictions"><c>[M, targets]</c>.</param>
    /// <param name="targets"><c>[M, targets]</c>.</param>
    public static double RSquaredOf(Tensor predictions, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var spread = (targets - targets.mean([0], keepdim: true)).square().sum();
        return 1 - ((predictions - targets).square().sum() / spread).to(ScalarType.Float64).item<double>();
    }

    private static Tensor WithOne(Tensor features) => cat([features, ones([features.size(0), 1], features.dtype, device: features.device)], 1);
}
