using Attn.Host.Session;

namespace Attn.Host.Tests.Session;

/// <summary>What is put into a cell changes nothing that its author can see.</summary>
public sealed class InstrumentationTests : SessionTests
{
    [Theory]
    [InlineData("var sum = 0; for (var i = 0; i < 3; i++) for (var j = 0; j < 3; j++) sum++; sum", "9")]
    [InlineData("var n = 0; do n++; while (n < 5); n", "5")]
    [InlineData("var n = 0; while (n < 5) n++; n", "5")]
    [InlineData("var text = \"\"; foreach (var (a, b) in new[] { (1, 2) }) text += a + b; text", "3")]
    [InlineData("int Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);\nFactorial(5)", "120")]
    [InlineData("int seen = 0; void Down(int n) { if (n == 0) return; seen++; Down(n - 1); }\nDown(4); seen", "4")]
    [InlineData("class Tree { public int Depth(int n) => n == 0 ? 0 : 1 + Depth(n - 1); }\nnew Tree().Depth(3)", "3")]
    [InlineData("var total = 0; Parallel.For(0, 10, i => Interlocked.Add(ref total, i)); total", "45")]
    [InlineData("Func<int, long> widen = i => i; new[] { 1, 2 }.Sum(i => widen(i))", "3")]
    [InlineData("byte Apply(Func<int, byte> f) => f(1);\nApply(i => 7)", "7")]
    [InlineData("var list = new List<int>(); new List<int> { 1, 2 }.ForEach(i => list.Add(i)); list.Count", "2")]
    [InlineData("string Describe(System.Linq.Expressions.Expression<Func<int, int>> e) => e.ToString();\nnew[] { 1 }.Select(i => i).Count()", "1")]
    [InlineData("await Task.Run(async () => { await Task.Delay(1); return 4; })", "4")]
    [InlineData("string? Name(int i) => null; new[] { 1 }.Select(i => i > 0 ? \"a\" : null).First()", "a")]
    public async Task Cells_give_what_they_gave(string cell, string result) => Assert.Equal(result, await RunAsync(cell));

    [Theory]
    [InlineData("Describe(i => i * 2)", "i => (i * 2)")]
    [InlineData("new[] { 1 }.Select(i => i + 1).First() + Describe(i => i + new[] { 1, 2 }.Count(j => j > i))", "2i => (i + new [] {1, 2}.Count(j => (j > i)))")]
    [InlineData("new[] { 1, 2 }.AsQueryable().Where(i => i > 1).Select(i => i * 2).Expression", "System.Int32[].Where(i => (i > 1)).Select(i => (i * 2))")]
    public async Task An_expression_tree_is_what_was_written(string cell, string tree) => Assert.Equal(tree, await RunAsync(
        $"string Describe(System.Linq.Expressions.Expression<Func<int, int>> e) => e.ToString();\n({cell}).ToString()"));

    [Fact]
    public void The_lambdas_beside_one_can_be_interrupted()
    {
        var text = Instrumentation.Of("F(i => i + 1); G(i => i + 1);", new HashSet<int> { 0 }).First();
        Assert.StartsWith("F(i => i + 1); G(i => global::", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_name_the_places_of_the_cell()
    {
        var error = await FailAsync("for (var i = 0; i < 3; i++) { nope(); }");
        Assert.Equal("    " + new string(' ', "for (var i = 0; i < 3; i++) { ".Length) + "^^^^", error.Traceback[2]);
        Assert.Equal(2, (await FailAsync("while (true)\n{ throw new Exception(); }")).Line);
    }

    [Fact]
    public void A_text_that_is_no_program_stays_as_it_is() => Assert.Equal(["while ("], Instrumentation.Of("while ("));

    [Fact]
    public void No_line_moves() =>
        Assert.All(Instrumentation.Of("foreach (var x in y)\n{\n  F(z => z);\n}\nw.backward();"), text => Assert.Equal(5, text.Split('\n').Length));

    [Theory]
    [InlineData("{ throw new InvalidOperationException(\"in backward\"); }")]
    [InlineData("=> throw new InvalidOperationException(\"in backward\");")]
    public async Task A_backward_pass_that_throws_fails_the_cell_and_nothing_else(string body)
    {
        await RunAsync(Function(body));
        var error = await FailAsync("var x = ones(3, requires_grad: true);\nTwice.apply(x).sum().backward();\nConsole.Write(\"never\");");
        Assert.Equal(("InvalidOperationException", "in backward", 2), (error.Name, error.Message, error.Line));
        Assert.DoesNotContain("never", Output.Out);
        Assert.Equal("1", await RunAsync("1"));
    }

    [Fact]
    public async Task One_that_works_works()
    {
        await RunAsync(Function("=> [2 * g];"));
        Assert.Equal("6", await RunAsync("var x = ones(3, requires_grad: true);\nfor (var i = 0; i < 1; i++) Twice.apply(x).sum().backward();\nx.grad.sum().item<float>()"));
    }

    private static string Function(string body) => $$"""
        class Twice : autograd.SingleTensorFunction<Twice>
        {
            public override string Name => "Twice";
            public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) => 2 * (Tensor)vars[0];
            public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor g) {{body}}
        }
        """;
}
