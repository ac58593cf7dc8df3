namespace Attn.Host.Tests.Jupyter;

/// <summary>What a person does with a notebook that is the same in every front end: a chart, a slider that moves, an interrupt.</summary>
/// <param name="browser">The page that has the notebook open.</param>
/// <param name="frontEnd">Its name, for the folder of pictures.</param>
/// <param name="run">A script that runs a cell.</param>
/// <param name="text">An expression for the text that a cell shows.</param>
internal sealed class PersonAtWork(Browser browser, string frontEnd, Func<int, string> run, Func<int, string> text)
{
    /// <summary>The cell to complete, inspect and run again.</summary>
    public const int LastCell = 5;

    /// <summary>Writes the notebook <c>work.ipynb</c>, ready to be opened.</summary>
    public static void WriteNotebook(DebianJupyter jupyter) => NotebookFile.Write(
        jupyter.Folder, "work.ipynb", "# Work\n\nA chart and a slider.", "var x = 20; x + 1",
        "Charts.Lines(\"A line\", \"x\", \"y\", [new Series(\"one\", [0, 1, 2], [1, 4, 9])])",
        "var slider = Interact.Slider(\"factor\", 0, 10, factor => $\"times {factor * x}\");", "Console.WriteLine(\"on\"); while (true) { }", "Math.Ma");

    public Task RunAsync(int cell, CancellationToken cancellation) => browser.EvaluateAsync(run(cell), cancellation);

    public Task SeesAsync(int cell, string shown, CancellationToken cancellation) => browser.WaitAsync($"{text(cell)}.includes('{shown}')", cancellation);

    public async Task DrawAndSlideAsync(CancellationToken cancellation)
    {
        await RunAsync(1, cancellation);
        await browser.WaitAsync($"{text(1)} === '21'", cancellation);
        await RunAsync(2, cancellation);
        await browser.WaitAsync("document.querySelector('.js-plotly-plot .main-svg')", cancellation);
        await RunAsync(3, cancellation);
        await browser.WaitAsync($"{text(3)}.includes('times 100') && !document.querySelector('.attn-control input').disabled", cancellation);
        await browser.EvaluateAsync("(function(i){ i.value = 7; i.dispatchEvent(new Event('input')); })(document.querySelector('.attn-control input'))", cancellation);
        await SeesAsync(3, "times 140", cancellation);
        await PhotographAsync("chart-and-slider", cancellation);
    }

    public async Task InterruptAsync(string interrupt, string idle, CancellationToken cancellation)
    {
        await RunAsync(4, cancellation);
        await SeesAsync(4, "on", cancellation);
        await browser.EvaluateAsync(interrupt, cancellation);
        await SeesAsync(4, "Interrupted", cancellation);
        await browser.WaitAsync(idle, cancellation);
    }

    public Task PhotographAsync(string name, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "pages", frontEnd)).FullName;
        return browser.PhotographAsync(Path.Combine(folder, name + ".png"), cancellation);
    }
}
