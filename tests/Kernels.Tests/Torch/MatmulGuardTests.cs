using System.Runtime.InteropServices;
using Attn.Kernels.Torch;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Torch;

/// <summary>A matmul that fails is an exception; each of these would end the process.</summary>
public class MatmulGuardTests
{
    private const string Unguarded = "not run: nothing guards matmul here, and the tests would end with it";

    [Fact]
    public unsafe void It_is_in_place_where_the_binding_is_ours_to_load()
    {
        var unused = stackalloc byte[1];
        Assert.SkipUnless(CodePatch.TryWrite((nint)unused, [0]), "not run: this system lets no process write its own code");
        Assert.Equal(LibTorch.EnsureLoaded().Chosen is not null, MatmulGuard.IsInstalled);
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 2, 3 })]
    [InlineData(new long[] { 4, 2, 3 }, new long[] { 5, 3, 2 })]
    [InlineData(new long[] { 3 }, new long[] { 4 })]
    [InlineData(new long[] { }, new long[] { 3 })]
    public void Shapes_that_do_not_fit_are_an_exception(long[] left, long[] right)
    {
        Assert.SkipUnless(MatmulGuard.IsInstalled, Unguarded);
        using var scope = NewDisposeScope();
        Assert.NotEmpty(Assert.Throws<ExternalException>(() => ones(left).matmul(ones(right))).Message);
    }

    [Fact]
    public void So_are_dtypes_that_differ_and_memory_that_is_not_there()
    {
        Assert.SkipUnless(MatmulGuard.IsInstalled, Unguarded);
        using var scope = NewDisposeScope();
        Assert.Contains("dtype", Assert.Throws<ExternalException>(() => ones(2, 2).matmul(ones(2, 2, ScalarType.Float64))).Message, StringComparison.Ordinal);
        var (tall, wide) = (ones(1).expand(1L << 24, 1), ones(1).expand(1, 1L << 24));
        Assert.Contains("allocate", Assert.Throws<ExternalException>(() => tall.matmul(wide)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 5 }, new long[] { 5 })]
    [InlineData(new long[] { 4, 5 }, new long[] { 5 })]
    [InlineData(new long[] { 5 }, new long[] { 5, 3 })]
    [InlineData(new long[] { 4, 5 }, new long[] { 5, 3 })]
    [InlineData(new long[] { 2, 1, 4, 5 }, new long[] { 3, 5, 2 })]
    [InlineData(new long[] { 0, 5 }, new long[] { 5, 3 })]
    public void What_fits_is_the_sum_of_products_with_its_gradients(long[] left, long[] right)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(left, ScalarType.Float64, requires_grad: true), randn(right, ScalarType.Float64, requires_grad: true));
        var product = a.matmul(b);
        var (rows, columns) = (a.dim() == 1 ? a.unsqueeze(0) : a, b.dim() == 1 ? b.unsqueeze(1) : b);
        var expected = (rows.unsqueeze(-1) * columns.unsqueeze(-3)).sum(-2).reshape(product.shape);
        Assert.True(product.allclose(expected, 1e-12, 1e-12));
        var weights = randn_like(product);
        var found = autograd.grad([product], [a, b], [weights]);
        var wanted = autograd.grad([expected], [a, b], [weights]);
        Assert.All(found.Zip(wanted), pair => Assert.True(pair.First.allclose(pair.Second, 1e-12, 1e-12)));
    }

    [Fact]
    public void A_product_of_matrices_alone_is_what_it_was()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (randn(4, 5), randn(5, 3));
        Assert.True(a.mm(b).equal(a.matmul(b)).all().item<bool>());
        Assert.Contains("must be a matrix", Assert.Throws<ExternalException>(() => ones(2, 2, 2).mm(b)).Message, StringComparison.Ordinal);
    }
}
