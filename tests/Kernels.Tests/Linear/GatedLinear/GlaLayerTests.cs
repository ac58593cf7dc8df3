using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Linear.GatedLinear;

/// <summary>The layer: its parts, its gates, its initialisation.</summary>
public class GlaLayerTests
{
    [Theory]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(97)]
    public void The_layer_is_the_formula_put_together(int length)
    {
        using var scope = NewDisposeScope();
        manual_seed(length);
        using var layer = new GlaLayer(new(16, Heads: 2) { GateBias = 1 });
        Tensor Weight(string name) => layer.named_parameters().Single(named => named.name == name).parameter;
        var x = randn(2, length, 16);
        Tensor Heads(Tensor t) => t.reshape(2, length, 2, -1).transpose(1, 2);
        var logGate = nn.functional.logsigmoid(x.matmul(Weight("_gateDown.weight").t()).matmul(Weight("_gateUp.weight").t()) + Weight("_gateBias")) / 16;
        Assert.True(layer.LogGate(x).allclose(logGate, 1e-4, 1e-5));
        var o = Kernels.GatedLinear.Recurrent(
            Heads(x.matmul(Weight("_query.weight").t())), Heads(x.matmul(Weight("_key.weight").t())), Heads(x.matmul(Weight("_value.weight").t())), Heads(logGate), scale: 0.5).Output;
        var centred = o - o.mean([-1], keepdim: true);
        var normalised = (centred / (centred.square().mean([-1], keepdim: true) + 1e-5).sqrt()).transpose(1, 2).flatten(2, 3);
        var gate = nn.functional.silu(x.matmul(Weight("_outputGate.weight").t()) + Weight("_outputGate.bias"));
        Assert.True(layer.call(x).allclose((gate * normalised).matmul(Weight("_output.weight").t()), 1e-3, 1e-5));
    }

    [Fact]
    public void At_the_start_a_gate_keeps_what_the_paper_says()
    {
        using var scope = NewDisposeScope();
        using var layer = new GlaLayer(new(64));
        Assert.Equal(0.958, layer.LogGate(randn(1, 200, 64)).exp().mean().item<float>(), 2e-3);
    }

    [Fact]
    public void A_fixed_gate_is_the_same_for_every_token_and_no_gate_keeps_all()
    {
        using var scope = NewDisposeScope();
        var x = randn(2, 5, 8);
        using var still = new GlaLayer(new(8, 2) { Gate = GlaGate.Fixed, GateNormalizer = 1, GateBias = 2 });
        Assert.Equal(Math.Log(1 / (1 + Math.Exp(-2))), still.LogGate(x).min().item<float>(), 1e-6);
        Assert.Equal(0, (still.LogGate(x).max() - still.LogGate(x).min()).item<float>());
        using var open = new GlaLayer(new(8, 2) { Gate = GlaGate.None });
        Assert.Equal(0, open.LogGate(x).abs().max().item<float>());
    }

    [Fact]
    public void Quotients_are_the_same_function_until_they_overflow()
    {
        using var scope = NewDisposeScope();
        Tensor Draw(int dim) => randn([1, 2, 20, dim], ScalarType.Float64);
        var (q, k, v, gate) = (Draw(4), Draw(4), Draw(3), nn.functional.logsigmoid(Draw(4)));
        Assert.True(GatedControls.Quotients(q, k, v, gate).allclose(Kernels.GatedLinear.Recurrent(q, k, v, gate).Output, 1e-9, 1e-9));
        Assert.False(GatedControls.Quotients(q.@float(), k.@float(), v.@float(), 20 * gate.@float()).isfinite().all().item<bool>());
    }

    [Fact]
    public void Bad_options_are_named()
    {
        Assert.StartsWith("ExpandKey: got 4 channels of 8, needs a positive multiple of 3 heads", Assert.Throws<ArgumentException>(() => new GlaLayer(new(8, 3))).Message);
        Assert.StartsWith("GateNormalizer: got 0, needs a positive number", Assert.Throws<ArgumentException>(() => new GlaLayer(new(8) { GateNormalizer = 0 })).Message);
        Assert.StartsWith("Dim: got 0", Assert.Throws<ArgumentException>(() => new GlaLayer(new(0))).Message);
    }
}
