using Attn.Host.Notebooks;
using Attn.Host.Pages;
using Attn.Host.Runner;
using Spectre.Console;

namespace Attn.Host.Cli;

/// <summary>Runs notebooks one after another, with progress for whoever watches, and writes what they leave.</summary>
internal sealed class NotebookRun(RunOptions options, DirectoryInfo folder)
{
    // Cells redirect the console; what is said about them must not land in their outputs.
    private readonly TextWriter _output = Console.Out, _error = Console.Error;

    /// <summary>Runs every notebook; a report each.</summary>
    /// <exception cref="NotebookFormatException">One of the files is no notebook, or lacks a parameter; none was run then.</exception>
    public async Task<IReadOnlyList<RunReport>> RunAsync(IReadOnlyList<string> paths, CancellationToken cancellation)
    {
        var notebooks = paths.Select(NotebookDocument.Read).ToArray();
        foreach (var notebook in notebooks)
            ParameterCell.Check(notebook, options.Parameters.Keys);
        folder.Create();
        var reports = new List<RunReport>();
        foreach (var notebook in notebooks)
            reports.Add(await RunAsync(notebook, cancellation));
        return reports;
    }

    /// <summary>Prints a line for the user beside the outputs.</summary>
    public void Say(string text) => _output.WriteLine(text);

    public void Complain(string text) => _error.WriteLine(text);

    private async Task<RunReport> RunAsync(NotebookDocument notebook, CancellationToken cancellation)
    {
        var report = await WatchedAsync(notebook, cancellation);
        string[] files = [Path.Combine(folder.FullName, notebook.Name + ".html"), Path.Combine(folder.FullName, notebook.Name + ".ipynb")];
        AtomicFile.Write(files[0], NotebookPage.Render(report, DateTimeOffset.Now));
        AtomicFile.Write(files[1], notebook.ToText());
        Say(RunText.Summary(report, files.Select(file => Path.GetRelativePath(Environment.CurrentDirectory, file))));
        return report;
    }

    private async Task<RunReport> WatchedAsync(NotebookDocument notebook, CancellationToken cancellation)
    {
        if (Console.IsOutputRedirected)
            return await new NotebookRunner(options, new PlainObserver(_output)).RunAsync(notebook, cancellation);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(_output) });
        return await console.Status().Spinner(Spinner.Known.Dots).StartAsync(
            notebook.Name, status => new NotebookRunner(options, new LiveObserver(console, status)).RunAsync(notebook, cancellation));
    }
}
