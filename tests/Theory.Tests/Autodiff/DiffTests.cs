using Attn.Theory;
using static TorchSharp.torch;

namespace Theory.Tests.Autodiff;

/// <summary>Derivatives against closed forms.</summary>
public class DiffTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(1)]
    public void Those_of_a_quadratic_form_are_known(int n)
    {
        using var scope = NewDisposeScope();
        var (a, x, v) = (randn([n, n], ScalarType.Float64), randn(n, ScalarType.Float64), randn(n, ScalarType.Float64));
        Tensor F(Tensor p) => p.dot(a.mv(p));
        Close((a + a.t()).mv(x), Diff.Grad(F, x));
        Close(a + a.t(), Diff.Hessian(F, x));
        Close((a + a.t()).mv(v), Diff.Hvp(F, x, v));
        Close((a + a.t()).mv(x).dot(v), Diff.Jvp(F, x, v));
        Assert.False(x.requires_grad);
        Assert.False(Diff.Hvp(F, x, v).requires_grad);
    }

    [Fact]
    public void Those_of_softmax_are_known()
    {
        using var scope = NewDisposeScope();
        var (x, v) = (randn(7, ScalarType.Float64), randn(7, ScalarType.Float64));
        var p = x.softmax(0);
        var jacobian = diag(p) - outer(p, p);
        Close(jacobian, Diff.Jacobian(z => z.softmax(0), x));
        Close(jacobian.mv(v), Diff.Jvp(z => z.softmax(0), x, v));
        Close(jacobian.mv(v), Diff.Vjp(z => z.softmax(0), x, v));
        // The gradient of logsumexp is softmax, so its Hessian is softmax's Jacobian.
        Close(jacobian, Diff.Hessian(z => z.logsumexp(0), x));
    }

    [Fact]
    public void Those_of_a_linear_map_are_the_map()
    {
        using var scope = NewDisposeScope();
        var (a, x, v, w) = (randn([3, 5], ScalarType.Float64), randn(5, ScalarType.Float64), randn(5, ScalarType.Float64), randn(3, ScalarType.Float64));
        Close(a, Diff.Jacobian(a.mv, x));
        Close(a.mv(v), Diff.Jvp(a.mv, x, v));
        Close(a.t().mv(w), Diff.Vjp(a.mv, x, w));
        Close(zeros([5, 5], ScalarType.Float64), Diff.Hessian(p => a.mv(p).sum(), x));
        Close(zeros(5, ScalarType.Float64), Diff.Hvp(p => a.mv(p).sum(), x, v));
        Close(v, Diff.Jvp(p => p, x, v));
    }

    [Fact]
    public void What_does_not_depend_on_x_has_no_slope()
    {
        using var scope = NewDisposeScope();
        var (x, other) = (ones(3), ones(2).requires_grad_(true));
        foreach (var f in new Func<Tensor, Tensor>[] { _ => ones(1), _ => other.sum() })
            foreach (var zero in new[] { Diff.Grad(f, x), Diff.Jacobian(f, x), Diff.Hessian(f, x), Diff.Hvp(f, x, x), Diff.Vjp(_ => other * 2, x, ones(2)), Diff.Jvp(_ => other * 2, x, x) })
                Assert.Equal(0, zero.abs().sum().item<float>());
        Assert.Equal([2], Diff.Jvp(_ => other * 2, x, x).shape);
        Assert.Equal([3, 3], Diff.Hessian(_ => ones(1), x).shape);
    }

    [Fact]
    public void Gradients_may_be_off_around_a_call()
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var x = tensor(new[] { 1.0, 2.0 });
        Close(2 * x, Diff.Grad(p => p.square().sum(), x));
        Close(2 * eye(2, dtype: ScalarType.Float64), Diff.Hessian(p => p.square().sum(), x));
        Close(2 * x, Diff.Jvp(p => p.square(), x, ones_like(x)));
    }

    [Fact]
    public void Nothing_is_left_but_the_result()
    {
        using var scope = NewDisposeScope();
        var (x, v) = (randn(5), randn(5));
        Func<Tensor>[] calls =
        [
            () => Diff.Grad(p => p.sin().sum(), x), () => Diff.Jacobian(p => p.sin(), x), () => Diff.Hessian(p => p.sin().sum(), x),
            () => Diff.Jvp(p => p.sin(), x, v), () => Diff.Vjp(p => p.sin(), x, v), () => Diff.Hvp(p => p.sin().sum(), x, v),
        ];
        Assert.All(calls, call =>
        {
            using var inner = NewDisposeScope();
            call();
            Assert.Equal(1, inner.DisposablesCount);
        });
    }

    [Fact]
    public void Bad_arguments_are_named()
    {
        using var scope = NewDisposeScope();
        var x = ones(3);
        static string Of(Func<Tensor> call) => Assert.Throws<ArgumentException>(() => call()).Message;
        Assert.StartsWith("f: got a result of 3 elements", Of(() => Diff.Grad(p => p, x)));
        Assert.StartsWith("f: got a result of 3 elements", Of(() => Diff.Hessian(p => p, x)));
        Assert.StartsWith("f: got a result of 3 elements", Of(() => Diff.Hvp(p => p, x, x)));
        Assert.StartsWith("f: got an empty result [0]", Of(() => Diff.Jacobian(_ => zeros(0), x)));
        Assert.StartsWith("f: got a result of Int64", Of(() => Diff.Grad(p => p.argmax(), x)));
        Assert.StartsWith("x: got Int64", Of(() => Diff.Grad(p => p, ones(3, ScalarType.Int64))));
        Assert.StartsWith("v: got [2], needs [3] as x has", Of(() => Diff.Jvp(p => p, x, ones(2))));
        Assert.StartsWith("v: got Float64, needs Float32 as x has", Of(() => Diff.Hvp(p => p.sum(), x, ones(3, ScalarType.Float64))));
        Assert.StartsWith("w: got [3], needs [] as f(x) has", Of(() => Diff.Vjp(p => p.sum(), x, x)));
        Assert.Equal("f", Assert.Throws<ArgumentNullException>(() => Diff.Grad(null!, x)).ParamName);
        Assert.Equal("x", Assert.Throws<ArgumentNullException>(() => Diff.Grad(p => p, null!)).ParamName);
        Assert.Equal("v", Assert.Throws<ArgumentNullException>(() => Diff.Jvp(p => p, x, null!)).ParamName);
    }

    internal static void Close(Tensor expected, Tensor got)
    {
        Assert.Equal(expected.shape, got.shape);
        Assert.True(got.allclose(expected, 1e-10, 1e-12), $"off by {(got - expected).abs().max().item<double>()}");
    }
}
