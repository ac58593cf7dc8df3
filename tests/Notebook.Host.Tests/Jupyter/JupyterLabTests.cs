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
        PersonAtWork.WriteNotebook(jupyter);
        using var server = new JupyterServer(jupyter, "/lab?token=", "-m", "jupyterlab", "--IdentityProvider.token=t", "--expose-app-in-browser");
        await using var browser = await Browser.OpenAsync($"http://127.0.0.1:{server.Port}/lab/tree/work.ipynb?token=t", cancellation);
        await browser.WaitAsync(Idle, cancellation);

        var person = new PersonAtWork(browser, "jupyterlab", cell => $"{Notebook}.activeCellIndex = {cell}, void jupyterapp.commands.execute('notebook:run-cell')", Text);
        await person.DrawAndSlideAsync(cancellation);
        await person.InterruptAsync("jupyterapp.commands.execute('notebook:interrupt-kernel')", Idle, cancellation);

        await AskAsync("Math.Ma", shift: false, "Array.from(document.querySelectorAll('.jp-Completer-item')).some(item => item.textContent.includes('MaxMagnitude'))");
        await person.PhotographAsync("completion", cancellation);
        await AskAsync("Math.Max", shift: true, "!!document.querySelector('.jp-Tooltip')?.innerText.includes('Returns the larger')");
        await person.PhotographAsync("tooltip", cancellation);

        await browser.EvaluateAsync("jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()", cancellation);
        await browser.WaitAsync("document.querySelector('.attn-control input').disabled", cancellation);
        await browser.WaitAsync(Idle, cancellation);
        await browser.EvaluateAsync($"{Notebook}.widgets[5].model.sharedModel.setSource('x')", cancellation);
        await person.RunAsync(PersonAtWork.LastCell, cancellation);
        await person.SeesAsync(PersonAtWork.LastCell, "CS0103", cancellation);

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
    }

    private static string Text(int cell) => $"{Notebook}.widgets[{cell}].outputArea.node.innerText.replace(/^\\[.*\\]:/, '').trim()";
}
