namespace Attn.Notebook.Tests.Hosting;

public sealed class HandOverTests
{
    private sealed class Hidden;

    [Theory]
    [InlineData(typeof(TorchSharp.torch.Tensor), "global::TorchSharp.torch.Tensor")]
    [InlineData(typeof(Dictionary<string, int[]>), "global::System.Collections.Generic.Dictionary<global::System.String, global::System.Int32[]>")]
    [InlineData(typeof(Hidden), "object")]
    public void The_declaration_names_the_type_as_a_cell_can(Type type, string name) =>
        Assert.Equal($"{name} @x = ({name})global::Attn.Notebook.HandOver.Value;", HandOver.Declare("x", null, type));

    [Theory]
    [InlineData("x; Environment.Exit(1)")]
    [InlineData("1x")]
    [InlineData("")]
    public void What_is_no_identifier_is_refused(string name) => Assert.Throws<ArgumentException>("name", () => HandOver.Declare(name, null, typeof(int)));

    [Fact]
    public void Where_JSON_is_handed_on_as_text_it_is_left_out() =>
        Assert.Equal(["image/svg+xml", "text/html", "text/plain"], MimeBundles.Of(Charts.Lines("t", "x", "y", [new Series("s", [0, 1], [1, 2])])).Texts.Select(text => text.Key).Order());
}
