using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace Attn.Notebook.Tests.Commands;

/// <summary>Lines that start with <c>#!attn theory</c>.</summary>
public sealed class TheoryVerbTests
{
    private readonly RecordingHost _host = new();
    private readonly StringWriter _output = new(), _error = new();

    [Fact]
    public async Task Entropy_stands_beside_its_bound_for_each_head()
    {
        Assert.Equal(0, await RunAsync("#!attn theory entropy softmax --shape 2,3,9,4 --causal --out heads"));
        var heads = Assert.IsType<DataFrame>(_host.Variables["heads"]);
        Assert.Equal([0, 1, 2], heads["Head"].Cast<int>());
        Assert.All(heads["Margin"].Cast<double>(), margin => Assert.InRange(margin, -1e-12, 3));
        Assert.All(heads["Mean"].Cast<double>().Zip(heads["Bound"].Cast<double>()), pair => Assert.True(pair.First > pair.Second));
        Assert.Contains("application/vnd.plotly.v1+json", _host.Shown[^1].Bundle.Data.Keys);
    }

    [Fact]
    public async Task Weights_of_ones_own_are_the_softmax_of_their_logarithms()
    {
        var logits = randn([2, 5, 7], ScalarType.Float64);
        (_host.Variables["l"], _host.Variables["w"]) = (logits, logits.softmax(-1));
        Assert.Equal(0, await RunAsync("#!attn theory entropy --logits l --out a"));
        Assert.Equal(0, await RunAsync("#!attn theory entropy --weights w --out b"));
        var (a, b) = ((DataFrame)_host.Variables["a"]!, (DataFrame)_host.Variables["b"]!);
        foreach (var column in new[] { "Mean", "Least", "Bound", "Margin", "RowNorm" })
            Assert.All(a[column].Cast<double>().Zip(b[column].Cast<double>()), pair => Assert.Equal(pair.First, pair.Second, 1e-10));
    }

    [Fact]
    public async Task A_lambda_of_the_session_is_searched_for_a_collision()
    {
        _host.Variables["phi"] = (Func<Tensor, Tensor>)(x => nn.functional.relu(x) + 0.0);
        Assert.Equal(0, await RunAsync("#!attn theory collide phi --dim 3 --keys 8 --starts 2 --out pair"));
        var text = _host.Texts.Last();
        Assert.StartsWith("'phi', 3 channels, 8 keys: linear attention confuses the two queries found", text);
        Assert.Matches(@"linear attention +yes ", text);
        Assert.Equal([2, 3], Assert.IsType<Tensor>(_host.Variables["pair"]).shape);
    }

    [Fact]
    public async Task Two_mechanisms_are_read_as_systems()
    {
        Assert.Equal(0, await RunAsync("#!attn theory dsf linear linear --length 7 --dim 3"));
        Assert.StartsWith("linear and linear: the same;", _host.Texts.Last());
        Assert.Equal(0, await RunAsync("#!attn theory dsf gated-linear linear --length 7 --dim 3 --out sides"));
        Assert.StartsWith("gated-linear and linear: not the same;", _host.Texts.Last());
        Assert.Equal(["gated-linear", "linear"], Assert.IsType<DataFrame>(_host.Variables["sides"])["Name"].Cast<string>());
    }

    [Fact]
    public async Task A_stack_of_patterns_shows_what_it_leaves_of_differences()
    {
        // Uniform attention leaves nothing of a difference between tokens; the identity all of it.
        _host.Variables["stack"] = stack([eye(6, dtype: ScalarType.Float64), full([6, 6], 1.0 / 6, dtype: ScalarType.Float64)]).reshape(2, 1, 1, 6, 6);
        Assert.Equal(0, await RunAsync("#!attn theory spectrum --weights stack --out layers"));
        var layers = Assert.IsType<DataFrame>(_host.Variables["layers"]);
        Assert.Equal([1, 2], layers["Layer"].Cast<int>());
        Assert.All(layers["Sigma"].Cast<double>().Zip([1.0, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.All(layers["Rollout"].Cast<double>().Zip([1.0, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.All(layers["Hc"].Cast<double>().Zip([1.0, 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        Assert.Equal(0, await RunAsync("#!attn theory spectrum softmax --shape 1,2,9,4"));
        Assert.Contains(_host.Texts, text => text.StartsWith("Spectrum of softmax, [1,2,9,9]: the stack leaves at most ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("#!attn theory spectrum", "attn: id, --weights: needs one of the two.")]
    [InlineData("#!attn theory spectrum --weights t", "attn: 't': got [5], needs square patterns, [layers,B,H,T,T], [B,H,T,T], [H,T,T] or [T,T].")]
    [InlineData("#!attn theory dsf linear titans", "attn: ")]
    [InlineData("#!attn theory dsf linear lineer", "attn: id: got 'lineer', needs a mechanism's id")]
    [InlineData("#!attn theory entropy", "attn: id, --logits, --weights: needs one of the three.")]
    [InlineData("#!attn theory entropy softmax --logits t", "attn: id, --logits, --weights: needs one of the three.")]
    [InlineData("#!attn theory entropy --logits t", "attn: 't': got [5], needs [Tq,Tk], [H,Tq,Tk] or [B,H,Tq,Tk].")]
    [InlineData("#!attn theory entropy --weights nothing", "attn: --weights: no variable 'nothing'")]
    [InlineData("#!attn theory collide ReLUU", "attn: features: no variable or map 'ReLUU'; there are ")]
    [InlineData("#!attn theory collide t", "attn: features: 't' holds Tensor, needs Func`2.")]
    [InlineData("#!attn theory collide ReLU --dim 0", "attn: --dim: got 0, needs a positive whole number.")]
    public async Task What_is_wrong_is_said_in_a_line(string line, string expected)
    {
        _host.Variables["t"] = zeros(5);
        Assert.Equal(2, await RunAsync(line));
        Assert.StartsWith(expected, _error.ToString());
    }

    [Theory]
    [InlineData("#!attn the", "theory")]
    [InlineData("#!attn theory en", "entropy")]
    [InlineData("#!attn theory entropy soft", "softmax")]
    [InlineData("#!attn theory entropy --logits my", "mine")]
    [InlineData("#!attn theory spectrum soft", "softmax")]
    [InlineData("#!attn theory dsf gat", "gated-linear")]
    [InlineData("#!attn theory collide my", "mine")]
    [InlineData("#!attn theory collide ReL", "ReLU")]
    public void Modules_ids_maps_and_variables_are_completed(string line, string expected)
    {
        _host.Variables["mine"] = 1;
        line = line.EndsWith("my", StringComparison.Ordinal) ? line[..^1] : line;
        Assert.Contains(AttnCommand.Complete(line, line.Length, _host), item => item.Text == expected);
    }

    [Fact]
    public async Task Help_shows_an_example_of_each_module()
    {
        Assert.Equal(0, await RunAsync("#!attn help theory collide"));
        Assert.Contains("Example: #!attn theory collide ReLU --dim 4", _output.ToString());
    }

    private Task<int> RunAsync(string line) => AttnCommand.InvokeAsync(line, _host, _output, _error);
}
