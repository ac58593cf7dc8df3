using Attn.Theory;
using CsCheck;
using static TorchSharp.torch;

namespace Theory.Tests.Autodiff;

/// <summary>Derivatives of a function that mixes all elements of x, against central differences, at random shapes.</summary>
public class FiniteDifferenceTests
{
    private const double Step = 1e-5;

    [Fact]
    public void All_derivatives_are_what_finite_differences_give() =>
        Gen.Select(Gen.Int[1, 3], Gen.Int[1, 4], Gen.Int[1, 3], Gen.ULong).Sample((rows, columns, width, seed) =>
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(seed, CPU);
            Tensor Random(params long[] shape) => randn(shape, ScalarType.Float64, generator: generator);
            var (x, v, w, weights) = (Random(rows, columns), Random(rows, columns), Random(rows, width), Random(columns, width));
            Tensor F(Tensor p) => p.matmul(weights).softmax(-1) * p.sin().sum();
            Tensor Scalar(Tensor p) => (F(p) * w).sum();

            var jacobian = Differences(F, x);
            Near(jacobian, Diff.Jacobian(F, x), "Jacobian");
            Near(jacobian.mv(v.flatten()).reshape(rows, width), Diff.Jvp(F, x, v), "Jvp");
            Near(jacobian.t().mv(w.flatten()).reshape(x.shape), Diff.Vjp(F, x, w), "Vjp");
            Near(Differences(Scalar, x).reshape(x.shape), Diff.Grad(Scalar, x), "Grad");
            var hessian = Differences(p => Diff.Grad(Scalar, p), x);
            Near(hessian, Diff.Hessian(Scalar, x), "Hessian");
            Near(hessian.mv(v.flatten()).reshape(x.shape), Diff.Hvp(Scalar, x, v), "Hvp");
        }, iter: 25);

    [Fact]
    public void A_batch_gives_what_its_points_give_one_by_one() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 4], Gen.ULong).Sample((count, columns, seed) =>
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator(seed, CPU);
            var x = randn([count, 2, columns], ScalarType.Float64, generator: generator);
            var weights = randn([columns, 3], ScalarType.Float64, generator: generator);
            Tensor F(Tensor p) => p.matmul(weights).softmax(-1).prod(-2);
            Tensor Scalar(Tensor p) => F(p).square().sum(-1);
            var points = x.unbind();
            DiffTests.Close(stack(points.Select(p => Diff.Jacobian(F, p))), BatchDiff.Jacobian(F, x));
            DiffTests.Close(stack(points.Select(p => Diff.Grad(Scalar, p))), BatchDiff.Grad(Scalar, x));
            DiffTests.Close(stack(points.Select(p => Diff.Hessian(Scalar, p))), BatchDiff.Hessian(Scalar, x));
        }, iter: 15);

    [Fact]
    public void Bad_batches_are_named()
    {
        using var scope = NewDisposeScope();
        var x = ones(3, 2);
        static string Of(Func<Tensor> call) => Assert.Throws<ArgumentException>(() => call()).Message;
        Assert.StartsWith("f: got a result of [], needs 3 rows as x has", Of(() => BatchDiff.Grad(p => p.sum(), x)));
        Assert.StartsWith("f: got a result of [2], needs 3 rows as x has", Of(() => BatchDiff.Jacobian(p => p.sum([0]), x)));
        Assert.StartsWith("f: got a result of 2 elements a row, needs one", Of(() => BatchDiff.Hessian(p => p, x)));
        Assert.StartsWith("x: got a scalar", Of(() => BatchDiff.Grad(p => p, tensor(1.0))));
        Assert.Equal([3, 2, 2], BatchDiff.Hessian(p => p.sum(1), x).shape);
    }

    private static Tensor Differences(Func<Tensor, Tensor> f, Tensor x) => stack([.. Enumerable.Range(0, (int)x.numel()).Select(j =>
    {
        var e = zeros(x.numel(), ScalarType.Float64);
        e[j] = Step;
        return ((f(x + e.reshape(x.shape)) - f(x - e.reshape(x.shape))) / (2 * Step)).flatten();
    })], 1);

    private static void Near(Tensor expected, Tensor got, string name)
    {
        Assert.Equal(expected.shape, got.shape);
        Assert.True(got.allclose(expected, 1e-6, 1e-7), $"{name}: off by {(got - expected).abs().max().item<double>()}");
    }
}
