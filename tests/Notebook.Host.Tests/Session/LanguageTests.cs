using Attn.Host.Session.Language;

namespace Attn.Host.Tests.Session;

/// <summary>Completion and inspection; <c>|</c> marks the cursor.</summary>
public sealed class LanguageTests : SessionTests
{
    [Theory]
    [InlineData("Math.Ma|", "Max", "function")]
    [InlineData("var text = \"a\";\ntext.Spl|", "Split", "function")]
    [InlineData("var total = 1;\nto|;", "total", "instance")]
    [InlineData("using System.Te|", "Text", "module")]
    [InlineData("new Dictio|", "Dictionary", "class")]
    [InlineData("new[] { 1 }.Sel|", "Select", "function")]
    [InlineData("foreach (var item in new[] { \"a\" }) { item.Len|", "Length", "property")]
    [InlineData("DayOfWeek day = DayOfWeek.Mon|", "Monday", "constant")]
    [InlineData("whi|", "while", "keyword")]
    [InlineData("randn(2, 3).sha|", "shape", "property")]
    [InlineData("#r \"nuget: TorchSharp, 0.1\"\nMath.Ma|", "Max", "function")]
    public async Task Code_is_completed(string cell, string text, string kind)
    {
        var found = await CompleteAsync(cell);
        Assert.Contains(found, completion => completion.Text == text && completion.Kind == kind);
        Assert.DoesNotContain(found, completion => !completion.Text.StartsWith(cell[completion.Start..cell.IndexOf('|', StringComparison.Ordinal)], StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_earlier_cells_declared_is_known()
    {
        await RunAsync("using System.Numerics; var first = new { Width = 3 };");
        await RunAsync("1 + 1");
        await RunAsync("record Thing(int Size); int Twice(int x) => 2 * x; int.TryParse(\"1\", out var parsed);");
        Assert.Contains(await CompleteAsync("first.|"), completion => completion.Text == "Width");
        Assert.Contains(await CompleteAsync("BigInt|"), completion => completion.Text == "BigInteger");
        Assert.Contains(await CompleteAsync("new Thing(1).|"), completion => completion.Text == "Size");
        Assert.Contains(await CompleteAsync("Twi|"), completion => completion.Text == "Twice");
        Assert.Contains(await CompleteAsync("pars|"), completion => completion.Text == "parsed");
        await RunAsync("var first = \"now a text\";");
        Assert.Contains(await CompleteAsync("first.|"), completion => completion.Text == "Length");
    }

    [Fact]
    public async Task A_cell_that_failed_declares_what_it_had_by_then()
    {
        await TryAsync("var before = \"x\";\nthrow new Exception();", TestContext.Current.CancellationToken);
        await TryAsync("var never = 1; does not compile", TestContext.Current.CancellationToken);
        Assert.Contains(await CompleteAsync("befo|"), completion => completion.Text == "before");
        Assert.DoesNotContain(await CompleteAsync("nev|"), completion => completion.Text == "never");
    }

    [Theory]
    [InlineData("#!|", "#!attn", 0, 2)]
    [InlineData("1;\n  #!attn sh|", "show", 12, 14)]
    [InlineData("#!attn run sof|", "softmax", 11, 14)]
    [InlineData("#r|", "#r \"nuget: \"", 0, 2)]
    [InlineData("#r \"nuget: torchsh|", "TorchSharp", 11, 18)]
    [InlineData("#r \"nuget: TorchSharp, 0|", "0.107.0", 23, 24)]
    public async Task Directive_lines_are_completed(string cell, string text, int start, int end) =>
        Assert.Contains(new Completion(text, text.All(c => c == '.' || char.IsDigit(c)) || text == "TorchSharp" ? "module" : "magic", start, end), await CompleteAsync(cell));

    [Fact]
    public async Task In_comments_and_texts_there_is_nothing_to_complete()
    {
        Assert.Empty(await CompleteAsync("// Math.Ma|"));
        Assert.Empty(await CompleteAsync("\"Math.Ma|\""));
    }

    [Theory]
    [InlineData("Math.Ma|x(1, 2)", "Math.Max(", "larger of two")]
    [InlineData("Math.Max(1, |", "Math.Max(", "larger of two")]
    [InlineData("\"a\".Split|", "string.Split(", "Splits a string")]
    [InlineData("new List<int>(|", "List<int>.List(", "Initializes a new instance")]
    [InlineData("List|<int> x;", "class List<int>", "strongly typed list")]
    [InlineData("softmax|", "torch.softmax(", "")]
    [InlineData("GatedLinear.Chunked(|", "GatedLinear.Chunked(torch.Tensor q", "logGate: [B,H,T,D]")]
    [InlineData("var local = 1.5;\nlocal|", "double local", "Value: ", false)]
    public async Task A_name_is_explained(string cell, string signature, string documentation, bool documented = true)
    {
        var text = await InspectAsync(cell);
        Assert.Contains(signature, text);
        if (documented)
            Assert.Contains(documentation, text);
        else
            Assert.DoesNotContain(documentation, text);
    }

    [Fact]
    public async Task So_is_what_the_user_wrote()
    {
        await RunAsync("/// <summary>Twice <paramref name=\"x\"/>; see <see cref=\"Math.Max(int, int)\"/>.</summary>\n/// <param name=\"x\">A number.</param>\nint Twice(int x) => 2 * x;\nvar held = Twice(21);");
        Assert.Equal("int Twice(int x)\n\nTwice x; see Max.\n\nParameters\n  x: A number.", await InspectAsync("Twice(|"));
        Assert.Contains("Value: 42", await InspectAsync("held|"));
        Assert.Contains("=> 2 * x;", await InspectAsync("Twice|", detailed: true));
    }

    [Fact]
    public async Task In_detail_there_are_overloads_and_members()
    {
        Assert.DoesNotContain("Max(decimal", await InspectAsync("Math.Max|"));
        Assert.Contains("Max(decimal", await InspectAsync("Math.Max|", detailed: true));
        Assert.Contains("int Version.Major", await InspectAsync("Version|", detailed: true));
    }

    [Fact]
    public async Task Of_nothing_there_is_nothing_to_say()
    {
        Assert.Null(await InspectAsync("|"));
        Assert.Null(await InspectAsync("unknown|"));
        Assert.Null(await InspectAsync("1 + |"));
    }

    private Task<IReadOnlyList<Completion>> CompleteAsync(string cell)
    {
        var (code, cursor) = Split(cell);
        return Session.Language.CompleteAsync(code, cursor, TestContext.Current.CancellationToken);
    }

    private Task<string?> InspectAsync(string cell, bool detailed = false)
    {
        var (code, cursor) = Split(cell);
        return Session.Language.InspectAsync(code, cursor, detailed, TestContext.Current.CancellationToken);
    }

    private static (string Code, int Cursor) Split(string cell)
    {
        var cursor = cell.IndexOf('|', StringComparison.Ordinal);
        return (cell.Remove(cursor, 1), cursor);
    }
}
