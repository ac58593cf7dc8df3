using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Layers;

/// <summary>What every layer from <c>[B,T,d]</c> to <c>[B,T,d]</c> keeps to.</summary>
public class LayerTests
{
    private const int Dim = 16, Heads = 2;

    // Layers that fix their random numbers must not be equal by that alone.
    private static int _made;

    // A square number each: some layers see images.
    private static readonly int[] Lengths = [1, 49, 144], OfTheGrid = [49];

    /// <summary>Those of the catalogue, and what it does not make or makes otherwise.</summary>
    private static readonly Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Make, int[] Lengths)> Layers = new(OfTheCatalogue())
    {
        ["agent, grid"] = (() => new AgentLayer(new(Dim, Heads) { AgentSide = 3, Grid = (7, 7) }), OfTheGrid),
        ["damped average"] = (() => new DampedEma(Dim, seed: _made++), Lengths),
        ["gated convolution"] = (() => new GatedShortConvolution(Dim), Lengths),
        ["longvq, any seed"] = (() => new LongVqLayer(new(Dim, Heads) { Seed = _made++ }), Lengths),
        ["rala, grid"] = (() => new RalaLayer(new(Dim, Heads) { Grid = (7, 7) }), OfTheGrid),
        ["short convolution"] = (() => new ShortConvolution(Dim), Lengths),
        ["σReparam"] = (() => new SigmaReparamLinear(Dim, Dim), Lengths),
        ["titans, block"] = (() => new TitansBlock(TitansVariant.Mac, new(Dim, Heads)), Lengths),
        ["transnormer, no positions"] = (() => new NormLinearAttention(Dim, Heads, [0.5, 0.1]), Lengths),
    };

    private static IEnumerable<KeyValuePair<string, (Func<nn.Module<Tensor, Tensor>> Make, int[] Lengths)>> OfTheCatalogue() =>
        from row in Catalog.Rows
        where row.Layer is not null || row.Extras.Count == 0
        from causal in new[] { false, true }
        where row.Patterns.HasFlag(causal ? AttentionPatterns.CausalSelf : AttentionPatterns.NoncausalSelf)
        select KeyValuePair.Create($"{row.Id}{(causal ? ", causal" : "")}", ((Func<nn.Module<Tensor, Tensor>>)(() => row.CreateLayer(Dim, Heads, causal)), Lengths));

    public static TheoryData<string> Names => [.. Layers.Keys];

    [Fact]
    public void None_is_forgotten()
    {
        var made = Layers.Values.Select(layer =>
        {
            using var module = layer.Make();
            return module.GetType();
        });
        Assert.Equal(
            typeof(GlaLayer).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(nn.Module<Tensor, Tensor>))).Select(type => type.Name).Order(),
            made.Distinct().Select(type => type.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_moves_to_another_dtype_with_all_it_holds(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers[name].Make();
        layer.eval();
        foreach (var length in Layers[name].Lengths)
        {
            layer.to(ScalarType.Float32);
            var x = Normal(length);
            var single = layer.call(x);
            layer.to(ScalarType.Float64);
            Assert.All(layer.state_dict(), kept => Assert.True(!kept.Value.is_floating_point() || kept.Value.dtype == ScalarType.Float64, kept.Key));
            var exact = layer.call(x.to(ScalarType.Float64));
            Assert.Equal(ScalarType.Float64, exact.dtype);
            Assert.True((exact - single).abs().max().item<double>() < 1e-4 * (1 + exact.abs().max().item<double>()), $"{length} tokens");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_outlives_the_scope_that_it_was_made_in(string name)
    {
        using var scope = NewDisposeScope();
        nn.Module<Tensor, Tensor> layer;
        using (NewDisposeScope())
            layer = Layers[name].Make();
        Assert.True(layer.call(Normal(Layers[name].Lengths[^1])).isfinite().all().item<bool>());
        layer.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_it_holds_makes_another_one_the_same(string name)
    {
        using var scope = NewDisposeScope();
        using var layer = Layers[name].Make();
        using var other = Layers[name].Make();
        other.load_state_dict(layer.state_dict());
        layer.eval();
        other.eval();
        var x = Normal(Layers[name].Lengths[^1]);
        Assert.True(layer.call(x).equal(other.call(x)).all().item<bool>());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Output_and_gradients_are_finite_for_any_size_of_the_input(string name)
    {
        foreach (var length in Layers[name].Lengths)
            foreach (var size in new[] { 0, 1e-20, 1, 100, 1e4 })
            {
                using var scope = NewDisposeScope();
                using var layer = Layers[name].Make();
                var x = (Normal(length) * size).requires_grad_(true);
                var output = layer.call(x);
                output.mean().backward();
                Assert.True(output.isfinite().all().item<bool>(), $"output, {length} tokens of size {size}");
                Assert.All(
                    layer.named_parameters().Select(p => (Name: p.name, Of: (Tensor)p.parameter)).Append((Name: "x", Of: x)),
                    p => Assert.True(p.Of.grad?.isfinite().all().item<bool>() ?? true, $"gradient of {p.Name}, {length} tokens of size {size}"));
            }
    }

    private static Tensor Normal(int length)
    {
        using var generator = new Generator(7, CPU);
        return randn([2, length, Dim], generator: generator);
    }
}
