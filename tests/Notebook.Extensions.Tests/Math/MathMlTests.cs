using System.Xml.Linq;
using CsCheck;

namespace Attn.Notebook.Tests.Typesetting;

public class MathMlTests
{
    private static string Inner(string tex)
    {
        var math = XDocument.Parse(MathMl.FromLatex(tex, display: false)).Root!;
        foreach (var element in math.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
            element.RemoveAttributes();
        }

        return string.Concat(math.Nodes().Select(node => node.ToString(SaveOptions.DisableFormatting)));
    }

    [Theory]
    [InlineData("x", "<mi>x</mi>")]
    [InlineData("12.5x", "<mrow><mn>12.5</mn><mi>x</mi></mrow>")]
    [InlineData(@"\frac12", "<mfrac><mn>1</mn><mn>2</mn></mfrac>")]
    [InlineData(@"\frac{a}{b+1}", "<mfrac><mi>a</mi><mrow><mi>b</mi><mo>+</mo><mn>1</mn></mrow></mfrac>")]
    [InlineData("x_i^2", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>")]
    [InlineData("x^2_i", "<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>")]
    [InlineData("f'", "<msup><mi>f</mi><mo>′</mo></msup>")]
    [InlineData(@"\sqrt[3]{x}", "<mroot><mi>x</mi><mn>3</mn></mroot>")]
    [InlineData(@"\sum_{i}^{n}", "<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>")]
    [InlineData(@"\int_0^1", "<msubsup><mo>∫</mo><mn>0</mn><mn>1</mn></msubsup>")]
    [InlineData(@"\max_i", "<munder><mo>max</mo><mi>i</mi></munder>")]
    [InlineData(@"\mathbb{R}\mathcal{L}\mathbf{x}", "<mrow><mi>ℝ</mi><mi>ℒ</mi><mi>𝐱</mi></mrow>")]
    [InlineData(@"\mathbb{1}", "<mn>𝟙</mn>")]
    [InlineData(@"\boldsymbol\alpha", "<mi>𝜶</mi>")]
    [InlineData(@"\mathrm{softmax}(x)", "<mrow><mi>softmax</mi><mo>(</mo><mi>x</mi><mo>)</mo></mrow>")]
    [InlineData(@"\operatorname{diag}(x)", "<mrow><mi>diag</mi><mo>(</mo><mi>x</mi><mo>)</mo></mrow>")]
    [InlineData(@"\hat{x}", "<mover><mi>x</mi><mo>^</mo></mover>")]
    [InlineData(@"\left(x\right)", "<mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>")]
    [InlineData(@"\left.x\right|", "<mrow><mi>x</mi><mo>|</mo></mrow>")]
    [InlineData(@"\begin{pmatrix}a&b\\c&d\end{pmatrix}", "<mrow><mo>(</mo><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable><mo>)</mo></mrow>")]
    [InlineData(@"\text{if } x", "<mrow><mtext>if\u00a0</mtext><mi>x</mi></mrow>")]
    [InlineData(@"\lVert x\rVert_2", "<mrow><mo>‖</mo><mi>x</mi><msub><mo>‖</mo><mn>2</mn></msub></mrow>")]
    [InlineData(@"\log x", "<mrow><mi>log</mi><mspace /><mi>x</mi></mrow>")]
    [InlineData(@"\xi_{P_\eta^\perp}", "<msub><mi>ξ</mi><msubsup><mi>P</mi><mi>η</mi><mo>⊥</mo></msubsup></msub>")]
    [InlineData(@"{a \over b}", "<mfrac><mi>a</mi><mi>b</mi></mfrac>")]
    [InlineData(@"\not\in", "<mo>∉</mo>")]
    public void Expressions_have_their_structure(string tex, string expected) => Assert.Equal(expected, Inner(tex));

    [Theory]
    [InlineData(@"\max_{\|x\|\le 1} x^\top W_{QK}\, y \quad \min\limits_{\theta} \mathbb{E}_{x\sim p}\big[\ell(\theta; x)\big]")]
    [InlineData(@"\dot z_m = \eta_Z\gamma\, \Big( \mathbb{1}\{l = m\} - \sum_{l'} c_{l'|m} \Big) \odot \tilde{g}, \quad \forall m \in [M]")]
    [InlineData(@"f(x) = \begin{cases} x^2 & \text{if } x \ge 0 \\ -\infty & \text{otherwise} \end{cases}")]
    [InlineData(@"\begin{aligned} S_t &= \mathrm{Diag}(\alpha_t) S_{t-1} + k_t^\top v_t \\ o_t &= q_t S_t \end{aligned}")]
    [InlineData(@"\underbrace{a+\cdots+z}_{26\text{ letters}} \overline{x+y} \widehat{abc} \vec v \bar z \ddot x")]
    [InlineData(@"\lfloor x\rfloor + \lceil y \rceil + \langle a,b\rangle + \lvert z \rvert \propto \prod_{j\neq i}\int_0^\infty e^{-x}\,dx")]
    [InlineData(@"A \xrightarrow{n\to\infty} B \Rightarrow C \iff D \mapsto E \leftarrow F, \binom{n}{k}, \tfrac12, \operatorname*{arg\,max}_k, \dots, \ldots")]
    [InlineData(@"T \bmod B, \; \nabla f \circ \partial g \otimes \delta_{ij} \cup \setminus \emptyset \pm \epsilon \star \kappa \bigoplus \not=")]
    public void Papers_expressions_are_known_and_well_formed(string tex)
    {
        Assert.Empty(MathMl.UnknownCommands(tex));
        XDocument.Parse(MathMl.FromLatex(tex, display: true));
    }

    [Fact]
    public void Unknown_commands_are_seen_and_reported_once()
    {
        Assert.Equal(["foo", "begin{bar}"], MathMl.UnknownCommands(@"\foo x \begin{bar} \foo \end{bar} \sqrt[\foo]{\text{$\foo$}}"));
        Assert.Contains("class=\"attn-unknown\"", MathMl.FromLatex(@"\foo", display: false));
        Assert.Contains(@"\foo", MathMl.FromLatex(@"\foo", display: false));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData(@"\text{<b onclick=x>""'&}")]
    [InlineData(@"\operatorname{<i>}\tag{<u>}\begin{<p>}")]
    [InlineData("\u0001\ud800\0")]
    public void Text_is_escaped(string tex)
    {
        var math = XDocument.Parse(MathMl.FromLatex(tex, display: true)).Root!;
        Assert.DoesNotContain(math.Descendants(), element => element.Name.LocalName is "script" or "b" or "i" or "u" or "p");
    }

    [Fact]
    public void Nothing_malformed_throws()
    {
        string[] pieces = [@"\frac", "{", "}", "^", "_", "'", "x", "&", @"\\", @"\left(", @"\right", @"\begin{pmatrix}", @"\end{pmatrix}", @"\text{a", "$", @"\sqrt[", "]",
            @"\sum", @"\limits", @"\over", @"\hat", @"\not", @"\mathbf", @"\bf", @"\big", "1", ".", @"\", " ", @"\displaystyle", @"\substack", @"\xrightarrow", @"\foo", "%", "\n", "é", "𝒳", @"\operatorname*"];
        Gen.Int[0, pieces.Length - 1].Select(i => pieces[i]).Array[0, 30].Select(string.Concat).Sample(tex => XDocument.Parse(MathMl.FromLatex(tex, display: true)), iter: 5000);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData(@"\frac")]
    [InlineData(@"\left(")]
    [InlineData("x^")]
    [InlineData("^{")]
    [InlineData(@"\sqrt[")]
    [InlineData(@"\begin{pmatrix}")]
    [InlineData(@"\not")]
    [InlineData(@"a\over ")]
    [InlineData(@"\text{$")]
    [InlineData(@"\substack{")]
    [InlineData(@"\displaystyle ")]
    [InlineData(@"\hat")]
    public void Endless_nesting_takes_linear_time_and_no_stack(string piece)
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        MathMl.FromLatex(string.Concat(Enumerable.Repeat(piece, 50_000)), display: true);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Equations_have_latex_text_and_mathml()
    {
        var bundle = MimeBundles.Of(Latex.Of(@"\alpha"));
        Assert.Equal(@"$$\alpha$$", bundle.Data["text/latex"]);
        Assert.Equal(@"\alpha", bundle.Data["text/plain"]);
        Assert.Contains("<math", (string)bundle.Data["text/html"]);
    }
}
