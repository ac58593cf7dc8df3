using Attn.Kernels;
using Attn.Theory;
using static TorchSharp.torch;

namespace Theory.Tests.Autodiff;

/// <summary>Operations with a first derivative alone: first derivatives work, second ones say why not.</summary>
public class OnceDifferentiableTests
{
    [Fact]
    public void A_backward_pass_off_the_graph_is_told_not_dropped()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1.0, -2.0, 3.0 });
        static Tensor Off(Tensor p) => Cube.Call(p)[0];
        DiffTests.Close(3 * x * x, Diff.Grad(p => Off(p).sum(), x));
        DiffTests.Close(diag(3 * x * x), Diff.Jacobian(Off, x));
        Refused(() => Diff.Jvp(Off, x, ones_like(x)));
        Refused(() => Diff.Hessian(p => Off(p).sum(), x));
        // Where only a part of the function leaves the graph the rest would give a result, a wrong one.
        Refused(() => Diff.Jvp(p => p.sin() + Off(p), x, ones_like(x)));
        Refused(() => Diff.Hvp(p => (p.sin() + 0.01 * Off(p)).sum(), x, ones_like(x)));
        Refused(() => BatchDiff.Hessian(p => p.sin() + Off(p), x));
    }

    [Fact]
    public void An_operation_without_second_derivative_is_named()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (randn([3, 2], ScalarType.Float64), randn([4, 2], ScalarType.Float64));
        Tensor Distances(Tensor p) => cdist(p, y, 1).sum();
        Assert.Equal(x.shape, Diff.Grad(Distances, x).shape);
        Refused(() => Diff.Hvp(Distances, x, x));
    }

    private static void Refused(Func<Tensor> call)
    {
        var failure = Assert.Throws<ArgumentException>(() => call());
        Assert.Equal("f", failure.ParamName);
        Assert.StartsWith("f: got an operation that can be differentiated only once (", failure.Message);
    }

    private sealed class Cube : GuardedFunction<Cube>
    {
        protected override (int Inputs, int Others) Arity => (1, 0);

        public override string Name => nameof(Cube);

        protected override IReadOnlyList<Tensor> Results(autograd.AutogradContext context, IReadOnlyList<object> arguments)
        {
            var x = (Tensor)arguments[0];
            Save(context, [x]);
            return [x * x * x];
        }

        protected override IReadOnlyList<Tensor?> Gradients(autograd.AutogradContext context, IReadOnlyList<Tensor> outputGradients)
        {
            var x = context.get_saved_variables()[0];
            return [3 * x * x * outputGradients[0]];
        }
    }
}
