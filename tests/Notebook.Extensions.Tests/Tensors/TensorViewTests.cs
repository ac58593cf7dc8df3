using AngleSharp.Html.Parser;
using Attn.Tests;
using static TorchSharp.torch;

namespace Attn.Notebook.Tests.Tensors;

[Collection(AloneCollection.Name)]
public class TensorViewTests
{
    private static (string Html, string Text) Show(object value)
    {
        var bundle = MimeBundles.Of(value);
        return ((string)bundle.Data["text/html"], (string)bundle.Data["text/plain"]);
    }

    [Fact]
    public void Says_shape_dtype_device_statistics_and_counts_what_is_not_finite()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { 1f, 2, 3, float.NaN, float.NaN, float.PositiveInfinity, float.NegativeInfinity, -6 }).reshape(2, 4);
        var (html, text) = Show(x.requires_grad_());
        foreach (var shown in (string[])[html, text])
        {
            Assert.Contains("float32 [2, 4] on cpu, requires grad", shown);
            Assert.Contains("min -6, mean 0, max 3; NaN 2, Inf 2", shown);
        }

        Assert.EndsWith("[  1    2   3   NaN]\n[NaN    ∞  -∞    -6]".Replace(" ", ""), text.Replace(" ", ""));
        var page = new HtmlParser().ParseDocument(html);
        Assert.StartsWith("data:image/png;base64,", page.QuerySelector("img")!.GetAttribute("src"));
        Assert.NotNull(page.QuerySelector("details pre"));
    }

    [Fact]
    public void A_scalar_prints_its_value()
    {
        using var scalar = tensor(3.5f);
        Assert.Equal("3.5  (float32 [] on cpu)", Show(scalar).Text);
    }

    [Fact]
    public void Every_dtype_is_shown()
    {
        using var scope = NewDisposeScope();
        foreach (var type in (ScalarType[])[ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Bool,
            ScalarType.Float16, ScalarType.BFloat16, ScalarType.Float32, ScalarType.Float64, ScalarType.ComplexFloat32, ScalarType.ComplexFloat64])
        {
            var (html, text) = Show(ones(3, 5, dtype: type));
            Assert.StartsWith($"{type.ToString().ToLowerInvariant()} [3, 5] on cpu", text);
            Assert.Contains("max 1", text);
            Assert.Contains("<img", html);
        }
    }

    [Fact]
    public void Booleans_and_complex_numbers_have_their_own_words()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("[true  false]".Replace("  ", ""), Show(tensor(new[] { true, false })).Text.Replace(" ", "").Replace("\n", "\n"));
        Assert.Contains("3-4i", Show(tensor((3f, -4f)).reshape(1)).Text);
        Assert.Contains("of |z|: min 5", Show(tensor((3f, -4f)).reshape(1)).Text);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(3L, 0L, 2L)]
    public void An_empty_tensor_is_no_error(params long[] shape)
    {
        using var empty = zeros(shape);
        Assert.Contains("no values", Show(empty).Text);
    }

    [Fact]
    public void A_disposed_tensor_is_said_to_be_one()
    {
        var gone = zeros(3);
        gone.Dispose();
        Assert.Equal("a disposed tensor", Show(gone).Text);
    }

    [Fact]
    public void A_tensor_of_ten_gigabytes_is_judged_by_a_sample()
    {
        // A view that repeats one value has the shape of ten gigabytes and the memory of four bytes: a copy of it would not fit.
        using var one = tensor(2f);
        using var large = one.expand(50_000, 50_000, 1);
        var before = Environment.WorkingSet;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (html, text) = Show(large);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
        Assert.True(Environment.WorkingSet - before < 1L << 30);
        Assert.Contains("2,500,000,000 values, 9.31 GiB", text);
        Assert.Contains("from a sample of", text);
        Assert.True(html.Length < 100_000);
    }

    [Fact]
    public void Views_and_strides_show_the_values_that_indexing_gives()
    {
        using var scope = NewDisposeScope();
        var view = arange(24).reshape(2, 3, 4).transpose(1, 2)[1];
        Assert.EndsWith("[12  16  20]\n[13  17  21]\n[14  18  22]\n[15  19  23]", Show(view).Text);
    }

    [Fact]
    public void A_wide_tensor_shows_its_corners()
    {
        using var wide = arange(10_000).reshape(100, 100);
        var text = Show(wide).Text;
        Assert.Contains("…", text);
        Assert.Contains("⋮", text);
        Assert.Contains("9999]", text);
    }

    [Fact]
    public void A_list_of_tensors_shows_each()
    {
        using var scope = NewDisposeScope();
        var (html, text) = Show(new List<Tensor> { ones(2), tensor(7) });
        Assert.Contains("[1] 7  (int32 [] on cpu)", text);
        Assert.Equal(2, new HtmlParser().ParseDocument(html).QuerySelectorAll("ol>li").Length);
    }

    [Fact]
    public void Showing_leaves_no_tensor_behind_and_the_shown_one_alive()
    {
        using var scope = NewDisposeScope();
        var shown = randn(3, 70, 90);
        Show(shown);
        var before = LiveTensors.Collected();
        Show(shown);
        Assert.Equal(before, Tensor.TotalCount);
        Assert.False(shown.IsInvalid);
    }
}
