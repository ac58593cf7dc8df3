using Attn.Tests;

namespace Attn.Host.Tests.Session;

public sealed class TensorTests : SessionTests
{
    private const string Declarations = """
        record Pair(Tensor A, Tensor B);
        static class Kept { public static Tensor? One; }
        """;

    [Fact]
    public async Task Temporaries_are_freed_and_what_variables_hold_lives()
    {
        await RunAsync(Declarations + "\nvar warm = ones(1); var linear = nn.Linear(2, 2);");
        var before = LiveTensors.Collected();
        await RunAsync("for (var i = 0; i < 50; i++) { var t = ones(3) + 1; }");
        AssertAtMost(before);

        await RunAsync("""
            var plain = ones(2) + 1;
            var array = new[] { ones(2), ones(2) };
            var list = new List<Tensor> { ones(2) };
            var map = new Dictionary<string, Tensor[]> { ["a"] = new[] { ones(2) } };
            var tuple = (ones(2), 1, ones(2));
            var pair = new Pair(ones(2), ones(2));
            Kept.One = ones(2);
            Func<Tensor> closure; { var inner = ones(2); closure = () => inner; }
            warm = ones(5);
            """);
        Assert.Equal("36", await RunAsync("""
            (plain.sum() + array[1].sum() + list[0].sum() + map["a"][0].sum() + tuple.Item1.sum() + tuple.Item3.sum() + pair.A.sum() + pair.B.sum()
                + Kept.One.sum() + closure().sum() + linear.forward(ones(1, 2)).mul(0).sum() + warm.sum() + 9).item<float>()
            """));
        // Twelve are held, and the one that was replaced is gone.
        AssertAtMost(before + 11);
    }

    [Fact]
    public async Task Scopes_hold_over_awaits_errors_and_interrupts()
    {
        await RunAsync("var first = ones(1);");
        var before = LiveTensors.Collected();
        await RunAsync("var a = ones(1) + 1; await Task.Delay(1); var b = ones(1) + 1;");
        await FailAsync("var c = ones(1); var d = c + 1; throw new Exception();");
        using (var interrupt = new CancellationTokenSource(300))
            await TryAsync("ones(7) + 1; await Task.Delay(60_000);", interrupt.Token);
        AssertAtMost(before + 4);
        Assert.Equal("7", await RunAsync("(a + b + c + d).item<float>()"));
    }

    [Fact]
    public async Task Gradients_live_with_their_tensors()
    {
        await RunAsync("var w = ones(2, requires_grad: true); (w * w).sum().backward();");
        Assert.Equal("4", await RunAsync("w.grad.sum().item<float>()"));
    }

    [Fact]
    public async Task A_variable_may_hold_a_tensor_that_the_cell_disposed_of()
    {
        await RunAsync("var gone = ones(2); gone.Dispose(); var there = ones(2);");
        Assert.Equal("2", await RunAsync("there.sum().item<float>()"));
    }

    /// <summary>A lower count is no leak: an earlier test's session may be let go of only now.</summary>
    private static void AssertAtMost(long count) => Assert.InRange(LiveTensors.Collected(), 0, count);
}
