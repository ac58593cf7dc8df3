using System.Reflection;
using Attn.Host.Session.Language;
using Attn.Kernels.Torch;
using Attn.Notebook;
using Microsoft.CodeAnalysis;

namespace Attn.Host.Session;

/// <summary>A notebook's C#: cells compiled by Roslyn with optimisation, run one after another on one thread, with state from cell to cell.</summary>
public sealed class CSharpSession : ICellRunner, INotebookHost
{
    private readonly CellThread _thread = new();
    private readonly CellConsole _console;
    private readonly CellCompiler _compiler = new();
    private readonly SessionState _state = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<FieldInfo> _statics = [];
    private readonly DirectiveRunner _directives;
    private readonly Task _opened;
    private ICellOutput? _output;
    private int _cells;

    public CSharpSession()
        : this(rest: null)
    {
    }

    /// <param name="rest">Keeps what cells write beyond what is shown; null where nobody would look for it.</param>
    /// <param name="expectant">
    /// Whether there is time before the first cell comes. The session then begins with an empty one of its own, which binds the references and
    /// loads the compiler while the front end connects.
    /// </param>
    internal CSharpSession(OutputRest? rest, bool expectant = false)
    {
        _opened = expectant ? Task.Run(OpenAsync) : Task.CompletedTask;
        _console = new CellConsole { Rest = rest };
        _directives = new DirectiveRunner(this, _compiler);
        Language = new LanguageServices(() => _state.Last, () => _compiler.References, this);
        LibTorch.LoadWithTorchSharp();
        StrayExceptions.Report();
        AttnFormatters.Register();
        NotebookHost.Attach(this);
    }

    /// <summary>The folder to which relative paths in <c>#r</c> and <c>#i</c> refer.</summary>
    public string WorkingDirectory { get; set; } = Environment.CurrentDirectory;

    /// <summary>Answers questions about code that continues the session.</summary>
    internal LanguageServices Language { get; }

    public CancellationToken Cancellation { get; private set; }

    /// <summary>Whether what shows the outputs has no plotly.js of its own.</summary>
    public bool NeedsPlotlyScript { get; init; }

    /// <summary>What the kernel lends to cells; null without one.</summary>
    public IComms? Comms { get; set; }

    public IReadOnlyCollection<string> VariableNames => [.. _state.Variables.Select(variable => variable.Name).Distinct()];

    /// <summary>Has the way of a cell to its result gone once, in the background.</summary>
    internal async Task WarmUpAsync()
    {
        var shown = Task.Run(() => MimeBundles.Of(1));
        await _opened;
        await Task.Run(() => _compiler.Compile("var warm = 1; warm", CellNames.Unnumbered, _state.Last, CancellationToken.None));
        await shown;
    }

    public Task<CellResult> RunAsync(string code, ICellOutput output, CancellationToken cancellation) =>
        RunAsync(code, CellNames.Of(++_cells), output, cancellation);

    /// <summary>Runs a cell under a name of the caller's, by which stack frames show it.</summary>
    internal async Task<CellResult> RunAsync(string code, string file, ICellOutput output, CancellationToken cancellation)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            await _opened;
            (_output, Cancellation) = (output, cancellation);
            _console.Attach(output);
            return new CellResult(await RunSegmentsAsync(code, file, output, cancellation));
        }
        finally
        {
            _console.End();
            _turn.Release();
        }
    }

    /// <summary>Runs a callback that a cell left behind as a cell is run: on the same thread, interruptible, its temporaries freed.</summary>
    internal async Task<CellResult> CallAsync(Action callback, ICellOutput output, CancellationToken cancellation)
    {
        await _turn.WaitAsync(CancellationToken.None);
        try
        {
            (_output, Cancellation) = (output, cancellation);
            _console.Attach(output);
            await _thread.RunAsync(
                () =>
                {
                    callback();
                    return Task.CompletedTask;
                },
                () => CellTensors.Open(null, Held),
                cancellation);
            return new CellResult(null);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new CellResult(Interrupted());
        }
        catch (Exception e)
        {
            return new CellResult(RuntimeErrors.Of(e, "", ""));
        }
        finally
        {
            _console.End();
            _turn.Release();
        }
    }

    private Task OpenAsync() => _state.RunAsync(_compiler.Compile("", CellNames.Unnumbered, null, CancellationToken.None));

    private static CellError Interrupted() => new("Interrupted", "The cell was interrupted; variables of earlier cells are as they were.", null, []);

    private async Task<CellError?> RunSegmentsAsync(string code, string file, ICellOutput output, CancellationToken cancellation)
    {
        try
        {
            foreach (var segment in CellSegments.Split(code))
            {
                var error = segment is DirectiveSegment directive
                    ? await _directives.RunAsync(directive, output, cancellation)
                    : await RunCodeAsync(segment.Text, file, output, cancellation);
                if (error is not null)
                    return error;
            }

            return null;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Interrupted();
        }
    }

    private async Task<CellError?> RunCodeAsync(string code, string file, ICellOutput output, CancellationToken cancellation)
    {
        var cell = await Task.Run(() => _compiler.Compile(code, file, _state.Last, cancellation), cancellation);
        if (!cell.IsValid)
            return CompilationErrors.Of(cell.Diagnostics, code);

        _statics.AddRange(cell.Statics());
        try
        {
            await _thread.RunAsync(() => ExecuteAsync(cell, output), () => CellTensors.Open(cell.Assembly, Held), cancellation);
            // A cell may survive its interrupt: when a thread that it waits for is what has stopped.
            cancellation.ThrowIfCancellationRequested();
            return CellBackward.TakeFailure() is { } failure ? RuntimeErrors.Of(failure, file, code) : null;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return RuntimeErrors.Of(CellBackward.TakeFailure() ?? e, file, code);
        }
    }

    /// <summary>Runs a <c>#!attn</c> line as a cell is run: on the same thread, interruptible, its temporaries freed.</summary>
    internal async Task<CellError?> RunAttnAsync(DirectiveSegment directive, CancellationToken cancellation)
    {
        string? failure = null;
        await _thread.RunAsync(
            async () => failure = await AttnCommand.RunAsync(directive.Text, this, Console.Out),
            () => CellTensors.Open(typeof(AttnCommand).Assembly, Held),
            cancellation);
        if (failure is null)
            return null;
        return new CellError("AttnError", failure, directive.Line, [$"line {directive.Line}: {directive.Text}"]);
    }

    private async Task ExecuteAsync(CompiledCell cell, ICellOutput output)
    {
        var value = await _state.RunAsync(cell);
        // What 'display(x)' gives back is there to be kept; what it shows is shown.
        if (!cell.EndsInValue || value is DisplayedValue)
            return;
        var bundle = MimeBundles.Of(value);
        _console.Flush();
        output.Result(bundle);
    }

    private IEnumerable<object?> Held() =>
        _state.Variables.Select(variable => variable.Value).Concat(_statics.Select(field => field.GetValue(null)));

    public bool TryGetVariable(string name, out object? value)
    {
        var variable = _state.Variables.LastOrDefault(variable => variable.Name == name);
        value = variable?.Value;
        return variable is not null;
    }

    public async Task SetVariableAsync(string name, object? value, Type type)
    {
        var declaration = HandOver.Declare(name, value, type);
        var cell = _compiler.Compile(declaration, "set", _state.Last, CancellationToken.None);
        if (!cell.IsValid)
            throw new ArgumentException($"name: '{name}' cannot be a variable: {cell.Diagnostics.First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).GetMessage()}", nameof(name));
        await _state.RunAsync(cell);
        HandOver.Value = null;
    }

    public void Display(MimeBundle bundle, string displayId)
    {
        _console.Flush(); // What was printed before stands before.
        _output?.Display(bundle, displayId);
    }

    public void Clear(bool wait)
    {
        _console.Flush();
        _output?.Clear(wait);
    }

    public string? Ask(string prompt, bool hidden)
    {
        _console.Flush();
        return (_output as ICellInput)?.ReadLine(prompt, hidden);
    }

    public void Update(string displayId, MimeBundle bundle) => _output?.Update(displayId, bundle);

    public ValueTask DisposeAsync()
    {
        _thread.Dispose();
        _console.Dispose();
        _turn.Dispose();
        NotebookHost.Attach(null);
        return ValueTask.CompletedTask;
    }
}
