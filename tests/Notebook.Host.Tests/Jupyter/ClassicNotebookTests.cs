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
        PersonAtWork.WriteNotebook(jupyter);
        using var server = new JupyterServer(jupyter, "/?token=", "-m", "notebook", "--NotebookApp.token=t");
        await using var browser = await Browser.OpenAsync($"http://127.0.0.1:{server.Port}/notebooks/work.ipynb?token=t", cancellation);
        await browser.WaitAsync(Idle, cancellation);

        var person = new PersonAtWork(browser, "classic-notebook", cell => $"Jupyter.notebook.execute_cells([{cell}])", Text);
        await person.DrawAndSlideAsync(cancellation);
        await person.InterruptAsync("Jupyter.notebook.kernel.interrupt()", Idle, cancellation);

        await browser.EvaluateAsync(
            "(function(c){ Jupyter.notebook.select(5); Jupyter.notebook.edit_mode(); c.code_mirror.focus(); c.code_mirror.setCursor({line: 0, ch: 7}); c.completer.startCompletion(); })(Jupyter.notebook.get_cell(5))", cancellation);
        await browser.WaitAsync("Array.from(document.querySelectorAll('#complete option, .completions option')).some(o => o.textContent.includes('MaxMagnitude'))", cancellation);
        await person.PhotographAsync("completion", cancellation);
        await browser.EvaluateAsync("(function(c){ c.completer.close(); c.set_text('Math.Max'); c.code_mirror.setCursor({line: 0, ch: 8}); Jupyter.notebook.tooltip.request(c); })(Jupyter.notebook.get_cell(5))", cancellation);
        await browser.WaitAsync("document.querySelector('#tooltip').innerText.includes('Returns the larger')", cancellation);
        await person.PhotographAsync("tooltip", cancellation);

        await browser.EvaluateAsync("Jupyter.notebook.kernel.restart()", cancellation);
        await Task.Delay(500, cancellation);
        await browser.WaitAsync(Idle, cancellation);
        await browser.EvaluateAsync("Jupyter.notebook.get_cell(5).set_text('x')", cancellation);
        await person.RunAsync(PersonAtWork.LastCell, cancellation);
        await person.SeesAsync(PersonAtWork.LastCell, "CS0103", cancellation);
    }

    private static string Text(int cell) =>
        $"Array.from(Jupyter.notebook.get_cell({cell}).element[0].querySelectorAll('.output_subarea')).map(o => o.innerText).join(' ').trim()";
}
