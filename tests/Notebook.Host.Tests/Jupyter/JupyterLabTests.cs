using Attn.Host.Tests.Session;
using Attn.Tests;

namespace Attn.Host.Tests.Jupyter;

/// <summary>JupyterLab 4 in a real browser, with no network but this machine and no extension.</summary>
[Collection(SessionCollection.Name)]
public sealed class JupyterLabTests
{
    private const string Notebook = "jupyterapp.shell.currentWidget.content";
    private const string Idle = "window.jupyterapp && jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'";

    [Fact]
    public async Task A_person_works_with_a_notebook()
    {
        DebianJupyter.Need("jupyterlab");
        Assert.SkipWhen(Chromium.Location is null, "not run: no Chromium on this machine");
        var cancellation = TestContext.Current.CancellationToken;
        using var jupyter = new DebianJupyter();
        NotebookFile.Write(
            jupyter.Folder, "work.ipynb", "# Work\n\nA chart and a slider.", "var x = 20; x + 1",
            "Charts.Lines(\"A line\", \"x\", \"y\", [new Series(\"one\", [0, 1, 2], [1, 4, 9])])",
            "var slider = Interact.Slider(\"factor\", 0, 10, factor => $\"times {factor * x}\");", "Console.WriteLine(\"on\"); while (true) { }", "Math.Ma");
        using var server = new JupyterServer(jupyter, "/lab?token=", "-m", "jupyterlab", "--IdentityProvider.token=t", "--expose-app-in-browser");
        await using var browser = await Browser.OpenAsync($"http://127.0.0.1:{server.Port}/lab/tree/work.ipynb?token=t", cancellation);
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
        await browser.EvaluateAsync("jupyterapp.commands.execute('notebook:interrupt-kernel')", cancellation);
        await browser.WaitAsync($"{Text(4)}.includes('Interrupted')", cancellation);
        await browser.WaitAsync(Idle, cancellation);

        await AskAsync("Math.Ma", shift: false, "Array.from(document.querySelectorAll('.jp-Completer-item')).some(item => item.textContent.includes('MaxMagnitude'))");
        await PhotographAsync("completion");
        await AskAsync("Math.Max", shift: true, "!!document.querySelector('.jp-Tooltip')?.innerText.includes('Returns the larger')");
        await PhotographAsync("tooltip");

        await browser.EvaluateAsync("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()", cancellation);
        await browser.WaitAsync("document.querySelector('.attn-control input').disabled", cancellation);
        await browser.WaitAsync(Idle, cancellation);
        await browser.EvaluateAsync($"{Notebook}.widgets[5].model.sharedModel.setSource('x')", cancellation);
        await RunAsync(5);
        await browser.WaitAsync($"{Text(5)}.includes('CS0103')", cancellation);

        Task RunAsync(int cell) => browser.EvaluateAsync($"{Notebook}.activeCellIndex = {cell}, void jupyterapp.commands.execute('notebook:run-cell')", cancellation);

        // Writes the code and presses Tab: again where no answer came, since JupyterLab gives a kernel one second.
        async Task AskAsync(string code, bool shift, string answered)
        {
            for (var left = 10; !(await browser.EvaluateAsync(answered, cancellation))!.GetValue<bool>(); left--)
            {
                Assert.True(left > 0, $"no answer to Tab after {code}");
                await browser.PressAsync("Escape", 27, shift: false, cancellation);
                await browser.EvaluateAsync(
                    $"(async function(n){{ n.activeCellIndex = 5; await n.activeCell.ready; n.mode = 'edit'; n.activeCell.model.sharedModel.setSource('{code}'); n.activeCell.editor.focus(); }})({Notebook})", cancellation);
                await browser.PressAsync("End", 35, shift: false, cancellation);
                await browser.PressAsync("Tab", 9, shift, cancellation);
                await Task.Delay(3000, cancellation);
            }
        }

        Task PhotographAsync(string name)
        {
            var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pages", "jupyterlab")).FullName;
            return browser.PhotographAsync(Path.Combine(folder, name + ".png"), cancellation);
        }
    }

    private static string Text(int cell) => $"{Notebook}.widgets[{cell}].outputArea.node.innerText.replace(/^\\[.*\\]:/, '').trim()";
}
