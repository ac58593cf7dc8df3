using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Patterns;

/// <summary>Ranks where they are known.</summary>
public class RankDiagnosticsTests
{
    [Fact]
    public void Ranks_of_a_diagonal_are_those_of_its_entries()
    {
        using var scope = NewDisposeScope();
        var matrix = diag(tensor(new[] { 3.0, 1, 0.01 }));
        Assert.Equal([3, 1, 0.01], RankDiagnostics.SingularValues(matrix).data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal((9 + 1 + 1e-4) / 9, RankDiagnostics.Stable(matrix).item<double>(), 1e-12);
        Assert.Equal(2, RankDiagnostics.Numerical(matrix).item<double>());
        Assert.Equal(3, RankDiagnostics.Numerical(matrix, 1e-3).item<double>());
        double[] shares = [3 / 4.01, 1 / 4.01, 0.01 / 4.01];
        Assert.Equal(Math.Exp(-shares.Sum(p => p * Math.Log(p))), RankDiagnostics.Effective(matrix).item<double>(), 1e-12);
    }

    [Fact]
    public void A_matrix_of_zeros_has_none_and_many_are_measured_each_for_itself()
    {
        using var scope = NewDisposeScope();
        var matrices = stack([zeros(4, 3), ones(4, 3), eye(4, 3)]);
        foreach (var ranks in new[] { RankDiagnostics.Effective(matrices), RankDiagnostics.Stable(matrices), RankDiagnostics.Numerical(matrices) })
            Assert.Equal([0, 1, 3], ranks.data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        Assert.StartsWith("matrix: got [3], needs […,rows,columns]", Assert.Throws<ArgumentException>(() => RankDiagnostics.Stable(ones(3))).Message);
        Assert.StartsWith("tolerance: got 1,", Assert.Throws<ArgumentException>(() => RankDiagnostics.Numerical(eye(3), 1)).Message);
    }
}
