using Attn.Theory;
using static TorchSharp.torch;

namespace Theory.Tests.Autodiff;

/// <summary>Derivatives against closed forms and finite differences.</summary>
public class DiffTests
{
    [Fact]
    public void The_gradient_of_a_quadratic_form_is_known()
    {
        using var scope = NewDisposeScope();
        var (a, x) = (randn([4, 4], ScalarType.Float64), randn(4, ScalarType.Float64));
        Assert.True(Diff.Grad(p => p.dot(a.mv(p)), x).allclose((a + a.t()).mv(x), 1e-12, 1e-12));
        Assert.False(x.requires_grad);
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(1, 1)]
    public void The_jacobian_is_what_finite_differences_give(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var weights = randn([columns, 2], ScalarType.Float64);
        Tensor F(Tensor p) => p.matmul(weights).sin() * p.sum();
        var x = randn([rows, columns], ScalarType.Float64);
        var jacobian = Diff.Jacobian(F, x);
        Assert.Equal([rows * 2, rows * columns], jacobian.shape);
        const double Step = 1e-5;
        for (var j = 0; j < rows * columns; j++)
        {
            var e = zeros(rows * columns, ScalarType.Float64);
            e[j] = Step;
            var difference = (F(x + e.reshape(x.shape)) - F(x - e.reshape(x.shape))).flatten() / (2 * Step);
            Assert.True(difference.allclose(jacobian[TensorIndex.Colon, j], 1e-6, 1e-8));
        }
    }

    [Fact]
    public void What_does_not_depend_on_x_has_no_slope()
    {
        using var scope = NewDisposeScope();
        var x = ones(3);
        Assert.Equal(0, Diff.Grad(_ => ones(1), x).abs().sum().item<float>());
        Assert.Equal(0, Diff.Jacobian(_ => ones(2), x).abs().sum().item<float>());
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        Assert.StartsWith("f: got a result of 3 elements", Assert.Throws<ArgumentException>(() => Diff.Grad(p => p, ones(3))).Message);
        Assert.StartsWith("x: got Int64", Assert.Throws<ArgumentException>(() => Diff.Grad(p => p, ones(3, ScalarType.Int64))).Message);
    }
}
