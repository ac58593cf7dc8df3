using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Notebook.Tests.Commands;

/// <summary>Lines that start with <c>#!attn</c>: what they do, and what they say when they are wrong.</summary>
public sealed class CommandTests
{
    private readonly RecordingHost _host = new();
    private readonly StringWriter _output = new(), _error = new();

    public static TheoryData<string> Ids => [.. Catalog.Rows.Select(row => row.Id)];

    [Fact]
    public async Task List_names_every_mechanism()
    {
        Assert.Equal(0, await RunAsync("#!attn list"));
        Assert.All(Catalog.Rows, row => Assert.Contains(row.Id, _host.Texts.Single()));
    }

    [Fact]
    public async Task List_of_a_family_names_its_mechanisms_alone()
    {
        Assert.Equal(0, await RunAsync("#!attn list --family softmax"));
        var listed = _host.Texts.Single().Split('\n').Select(line => line.Split(' ')[0]).ToHashSet();
        Assert.All(Catalog.Rows, row => Assert.Equal(row.Family == "softmax", listed.Contains(row.Id)));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Every_mechanism_can_be_shown_and_run(string id)
    {
        Assert.Equal(0, await RunAsync($"#!attn show {id}"));
        Assert.Contains(Catalog.Find(id).Source, _host.Texts.Single());
        Assert.Equal(0, await RunAsync($"#!attn run {id} --shape 1,2,9,8 --out o"));
        Assert.Equal([1, 2, 9, 8], Assert.IsType<Tensor>(_host.Variables["o"]).shape);
        Assert.StartsWith(id, _output.ToString());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Every_mechanism_with_a_matrix_can_be_drawn(string id)
    {
        var code = await RunAsync($"#!attn map {id} --shape 1,2,9,8 --head 1");
        Assert.Equal(Catalog.Find(id).Weights is null ? 2 : 0, code);
        if (code == 0)
            Assert.Contains("svg", (string)_host.Shown.Single().Bundle.Data["text/html"]);
    }

    [Fact]
    public async Task Variables_go_in_and_the_result_comes_out()
    {
        var (q, k, v) = (randn(1, 2, 5, 4), randn(1, 2, 5, 4), randn(1, 2, 5, 4));
        (_host.Variables["q"], _host.Variables["k"], _host.Variables["v"]) = (q, k, v);
        Assert.Equal(0, await RunAsync("#!attn run softmax --form plain --q q --k k --v v --causal --out o"));
        Assert.Equal(0, (Softmax.Plain(q, k, v, causal: true) - (Tensor)_host.Variables["o"]!).abs().max().item<float>());
    }

    [Fact]
    public async Task A_bench_gives_a_table_a_chart_and_a_frame()
    {
        Assert.Equal(0, await RunAsync("#!attn bench softmax:plain --vs linear --seq 16..64 --dim 8 --mode fwdbwd --out figures"));
        var (table, chart) = (_host.Shown[^2].Bundle.Data, _host.Shown[^1].Bundle.Data);
        Assert.Equal(1 + 3 * 2, ((string)table["text/html"]).Split("<tr>").Length - 1);
        Assert.Matches(@"Time grows as softmax T\^-?\d\.\d\d \(T\^1\.9\d\), linear T\^-?\d\.\d\d \(T\^1\.\d\d\); in brackets", (string)table["text/plain"]);
        Assert.Contains("application/vnd.plotly.v1+json", chart.Keys);
        var figures = Assert.IsType<Microsoft.Data.Analysis.DataFrame>(_host.Variables["figures"]);
        Assert.Equal([16, 16, 32, 32, 64, 64], figures["tokens"].Cast<int>());
        Assert.All(figures["milliseconds"].Cast<double>(), milliseconds => Assert.True(milliseconds > 0));
    }

    [Fact]
    public async Task Weights_and_tokens_of_ones_own_are_drawn()
    {
        (_host.Variables["w"], _host.Variables["words"]) = (rand([2, 1, 3, 2, 2]), new[] { "the", "cat" });
        Assert.Equal(0, await RunAsync("#!attn map --weights w --tokens words --head 0 2 --view lines"));
        Assert.Contains("2 layers of 2 heads", _host.Texts.Single());
        Assert.Equal(2, await RunAsync("#!attn map --weights w --head 3"));
        Assert.Contains("--head: got 3, needs heads of 'w', which is [2,1,3,2,2].", _error.ToString());
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task The_state_shown_is_the_one_after_the_last_token(string id)
    {
        var row = Catalog.Find(id);
        var code = await RunAsync($"#!attn state {id} --shape 1,2,9,8 --out s");
        Assert.Equal(row.State is null ? 2 : 0, code);
        if (row.State is null)
            return;
        var whole = row.Reference.Run(AttentionInputs.Random(row, AttentionShape.Self(1, 2, 9, 8), causal: row.Patterns.HasFlag(AttentionPatterns.CausalSelf)));
        Assert.True(whole.State!.allclose((Tensor)_host.Variables["s"]!, 1e-4, 1e-4));
        Assert.Contains("application/vnd.plotly.v1+json", _host.Shown[^2].Bundle.Data.Keys);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task Every_mechanism_passes_its_check_with_margins(string id)
    {
        Assert.Equal(0, await RunAsync($"#!attn check {id} --shape 1,2,9,8"));
        var text = _host.Texts.Last();
        Assert.StartsWith($"✓ {id}: ", text);
        Assert.All(Catalog.Find(id).Forms, form => Assert.Contains($"✓  {form.Name} ", text));
    }

    [Fact]
    public async Task A_check_is_of_what_was_asked_for()
    {
        Assert.Equal(0, await RunAsync("#!attn check retention --dtype bfloat16"));
        Assert.Contains("bfloat16", _host.Texts.Last());
        Assert.DoesNotContain("float64 ", _host.Texts.Last());
        Assert.Equal(0, await RunAsync("#!attn check softmax --causal --dtype float32"));
        Assert.Equal(2, await RunAsync("#!attn check softmax --dtype foo"));
        Assert.Equal(2, await RunAsync("#!attn check agent --causal"));
        Assert.Contains("--causal: agent serves", _error.ToString());
    }

    [Theory]
    [InlineData("compare softmax", "compare: id: got 1, needs 2: Mechanisms of the catalogue, two or more")]
    [InlineData("theory", "theory: needs one of collide, dsf, entropy, spectrum.")]
    [InlineData("theory entropi", "theory: no verb 'entropi'; did you mean 'entropy'?")]
    [InlineData("theory dsf softmax", "theory dsf: id: got 1, needs 2: Two mechanisms")]
    [InlineData("theory collide", "theory collide: features: got none, needs 1: A variable")]
    [InlineData("bench", "bench: id: got none, needs 1: Mechanisms")]
    [InlineData("benhc", "no verb 'benhc'; did you mean 'bench'?")]
    [InlineData("bench linear --batch 1e9", "--batch: got '1e9', needs a whole number.")]
    [InlineData("bench linear --batch", "--batch: got none, needs a value: ")]
    [InlineData("bench linear --sek 4", "bench: no option '--sek'; did you mean '--seq'?")]
    [InlineData("show nosuch", "id: got 'nosuch', needs one of")]
    public async Task A_line_that_lacks_something_says_what(string line, string message)
    {
        Assert.Equal(2, await RunAsync($"#!attn {line}"));
        Assert.StartsWith($"attn: {message}", _error.ToString());
        Assert.DoesNotContain("(Parameter", _error.ToString());
    }

    [Fact]
    public async Task Verify_gives_the_last_word_on_each_claim_stated()
    {
        using var attached = _host.Attached();
        Assert.Equal(2, await RunAsync("#!attn verify"));
        Claim Stated(string id, double value) => Claim.Exact(id, "s").Check("m", value, Criterion.Below(1)).Control("c", true);
        MimeBundles.Of(Stated("C1", 2));
        MimeBundles.Of(Stated("C2", 0));
        Assert.Equal(1, await RunAsync("#!attn verify"));
        MimeBundles.Of(Stated("C1", 0));
        Assert.Equal(0, await RunAsync("#!attn verify"));
        Assert.Equal(["✓ C1", "✓ C2"], _host.Texts.Single().Split('\n').Where(line => line.StartsWith('✓')).Select(line => line[..4]));
    }

    [Fact]
    public async Task Comparing_a_mechanism_with_its_other_form_finds_no_difference()
    {
        Assert.Equal(0, await RunAsync("#!attn compare softmax flash-attention linear --shape 1,2,9,8 --causal"));
        var lines = _host.Texts.Single().Split('\n');
        Assert.Matches("^flash-attention  .*  0  +1  ", lines.Single(line => line.StartsWith("flash-attention ")));
        Assert.DoesNotMatch("  0  +1  ", lines.Single(line => line.StartsWith("linear ")));
    }

    [Fact]
    public async Task Quotes_hold_a_word_together() =>
        Assert.Equal((2, "attn: no verb 'two words'"), (await RunAsync("#!attn \"two words\""), _error.ToString().Split(';')[0]));

    [Theory]
    [InlineData("#!attn lst", "attn: no verb 'lst'; did you mean 'list'?")]
    [InlineData("#!attn show softmaks", "attn: id: got 'softmaks', needs a mechanism's id; did you mean softmax?")]
    [InlineData("#!attn list --family sofmax", "attn: --family: no family 'sofmax'; did you mean 'softmax'?")]
    [InlineData("#!attn run softmax --q nothing --k k --v v", "attn: --q: no variable 'nothing'")]
    [InlineData("#!attn run softmax --q text --k text --v text", "attn: --q: 'text' holds String, needs Tensor.")]
    [InlineData("#!attn run softmax --shape 1,2,x", "attn: --shape: got '1,2,x', needs four positive whole numbers B,H,T,D, such as 1,4,128,64.")]
    [InlineData("#!attn run softmax --form tiled", "attn: form: 'tiled' is not a form of softmax; it has sdpa, plain.")]
    [InlineData("#!attn run gated-linear --extra logGat=text", "attn: --extra: no mechanism has a tensor 'logGat'; did you mean 'logGate'?")]
    [InlineData("#!attn map", "attn: id: got none, needs a mechanism's id, or --weights.")]
    [InlineData("#!attn map softmax --view maps", "attn: --view: no view 'maps'")]
    [InlineData("#!attn bench softmax --seq 64..32", "attn: --seq: got '64..32', needs lengths such as 512..4096 (doubling) or 512,1000,3000.")]
    [InlineData("#!attn bench softmax --mode forwards", "attn: --mode: no mode 'forwards'; there are decode, fwd, fwdbwd.")]
    [InlineData("#!attn bench softmax --device tpu", "attn: --device: got 'tpu', needs cpu or cuda.")]
    [InlineData("#!attn bench softmax --heads 0", "attn: --heads: got 0, needs a positive whole number.")]
    [InlineData("#!attn bench softmax:tiled", "attn: form: 'tiled' is not a form of softmax; it has sdpa, plain.")]
    [InlineData("#!attn run \"softmax", "attn: the quote \" at column 12 is not closed.")]
    public async Task Bad_use_is_one_line_that_says_what_is_needed(string line, string message)
    {
        _host.Variables["text"] = "text";
        Assert.Equal(2, await RunAsync(line));
        Assert.StartsWith(message, _error.ToString());
        Assert.Single(_error.ToString().TrimEnd().Split('\n'));
        Assert.Empty(_host.Shown);
    }

    [Theory]
    [InlineData("#!attn help")]
    [InlineData("#!attn")]
    [InlineData("#!attn help run")]
    [InlineData("#!attn run --help")]
    public async Task Help_comes_from_the_tree(string line)
    {
        Assert.Equal(0, await RunAsync(line));
        Assert.Contains(line.Contains("run") ? "--causal" : "list", _output.ToString());
    }

    [Fact]
    public async Task A_terminal_has_no_variables()
    {
        var tree = new System.CommandLine.RootCommand();
        foreach (var verb in AttnCommand.CreateVerbs(host: null, _output))
            tree.Subcommands.Add(verb);
        Assert.Equal(2, await AttnCommand.InvokeAsync(tree, ["run", "softmax", "--q", "q", "--k", "k", "--v", "v"], _output, _error));
        Assert.Contains("a terminal has no variables", _error.ToString());
    }

    private Task<int> RunAsync(string line)
    {
        _host.Shown.Clear();
        return AttnCommand.InvokeAsync(line, _host, _output, _error);
    }
}
