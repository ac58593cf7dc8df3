using Attn.Host.Tests.Session;
using Attn.Tests;

namespace Attn.Host.Tests.Jupyter;

/// <summary>The classic Notebook in a real browser, with no network but this machine.</summary>
[Collection(SessionCollection.Name)]
public sealed class ClassicNotebookTests
{
    private const string Idle = "window.Jupyter && Jupyter.notebook && Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected() && Jupyter.notebook.kernel.info_reply.banner && Jupyter.notebook.get_cells().every(cell => cell.input_prompt_number !== '*') && !document.querySelector('.kernel_busy_icon')";

    [Fact]
    public async Task A_person_works_with_a_notebook()
    {
        DebianJupyter.Need("jupyter_client", "notebook");
        Assert.SkipWhen(Chromium.Location is null, "not run: no Chromium on this machine");
        var cancellation = TestContext.Current.CancellationToken;
        using var jupyter = new DebianJupyter();
        NotebookFile.Write(
            jupyter.Folder, "work.ipynb", "# Work\n\nA chart and a slider.", "var x = 20; x + 1",
            "Charts.Lines(\"A line\", \"x\", \"y\", [new Series(\"one\", [0, 1, 2], [1, 4, 9])])",
            "var slider = Interact.Slider(\"factor\", 0, 10, factor => $\"times {factor * x}\");", "Console.WriteLine(\"on\"); while (true) { }", "Math.Ma");
        using var server = new JupyterServer(jupyter, "/?token=", "-m", "notebook", "--NotebookApp.token=t");
        await using var browser = await Browser.OpenAsync($"http://127.0.0.1:{server.Port}/notebooks/work.ipynb?token=t", cancellation);
        await browser.WaitAsync(Idle, cancellation);

        await RunAsync(1);
        await browser.WaitAsync($"{Text(1)} === '21'", cancellation);
        await RunAsync(2);
        await browser.WaitAsync("document.querySelector('.js-plotly-plot .main-svg')", cancellation);
        await RunAsync(3);
        await browser.WaitAsync($"{Text(3)}.includes('times 100') && !document.querySelector('.attn-control input').disabled", cancellation);
        await browser.EvaluateAsync("(function(i){ i.value = 7; i.dispatchEvent(new Event('input')); })(document.querySelector('.attn-control input'))", cancellation);
        await browser.WaitAsync($"{Text(3)}.includes('times 140')", cancellation);
        await PhotographAsync("chart-and-slider");

        await RunAsync(4);
        await browser.WaitAsync($"{Text(4)}.includes('on')", cancellation);
        await browser.EvaluateAsync("Jupyter.notebook.kernel.interrupt()", cancellation);
        await browser.WaitAsync($"{Text(4)}.includes('Interrupted')", cancellation);
        await browser.WaitAsync(Idle, cancellation);

        await browser.EvaluateAsync(
            "(function(c){ Jupyter.notebook.select(5); Jupyter.notebook.edit_mode(); c.code_mirror.focus(); c.code_mirror.setCursor({line: 0, ch: 7}); c.completer.startCompletion(); })(Jupyter.notebook.get_cell(5))", cancellation);
        await browser.WaitAsync("Array.from(document.querySelectorAll('#complete option, .completions option')).some(o => o.textContent.includes('MaxMagnitude'))", cancellation);
        await PhotographAsync("completion");
        await browser.EvaluateAsync("(function(c){ c.completer.close(); c.set_text('Math.Max'); c.code_mirror.setCursor({line: 0, ch: 8}); Jupyter.notebook.tooltip.request(c); })(Jupyter.notebook.get_cell(5))", cancellation);
        await browser.WaitAsync("document.querySelector('#tooltip').innerText.includes('Returns the larger')", cancellation);
        await PhotographAsync("tooltip");

        await browser.EvaluateAsync("Jupyter.notebook.kernel.restart()", cancellation);
        await Task.Delay(500, cancellation);
        await browser.WaitAsync(Idle, cancellation);
        await browser.EvaluateAsync("Jupyter.notebook.get_cell(5).set_text('x')", cancellation);
        await RunAsync(5);
        await browser.WaitAsync($"{Text(5)}.includes('CS0103')", cancellation);

        Task RunAsync(int cell) => browser.EvaluateAsync($"Jupyter.notebook.execute_cells([{cell}])", cancellation);

        Task PhotographAsync(string name)
        {
            var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pages", "classic-notebook")).FullName;
            return browser.PhotographAsync(Path.Combine(folder, name + ".png"), cancellation);
        }
    }

    private static string Text(int cell) =>
        $"Array.from(Jupyter.notebook.get_cell({cell}).element[0].querySelectorAll('.output_subarea')).map(o => o.innerText).join(' ').trim()";
}
