using Attn.Kernels.Torch;
using Attn.Notebook;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace Attn.Host.Session;

/// <summary>A notebook's C#: cells compiled by Roslyn with optimisation, run one after another on one thread, with state from cell to cell.</summary>
public sealed class CSharpSession : ICellRunner, INotebookHost
{
    private readonly CellThread _thread = new();
    private readonly CellConsole _console = new();
    private readonly CellCompiler _compiler = new();
    private readonly DirectiveRunner _directives;
    private ScriptState<object>? _state;
    private ICellOutput? _output;
    private int _cells;

    public CSharpSession()
    {
        _directives = new DirectiveRunner(this, _compiler);
        LibTorch.LoadWithTorchSharp();
        AttnFormatters.Register();
        NotebookHost.Attach(this);
    }

    /// <summary>The folder to which relative paths in <c>#r</c> refer.</summary>
    public string WorkingDirectory { get; set; } = Environment.CurrentDirectory;

    public CancellationToken Cancellation { get; private set; }

    public IReadOnlyCollection<string> VariableNames => _state?.Variables.Select(variable => variable.Name).Distinct().ToArray() ?? [];

    public async Task<CellResult> RunAsync(string code, ICellOutput output, CancellationToken cancellation)
    {
        var file = CellNames.Of(++_cells);
        (_output, Cancellation) = (output, cancellation);
        _console.Attach(output);
        try
        {
            foreach (var segment in CellSegments.Split(code))
            {
                var error = segment is DirectiveSegment directive
                    ? await _directives.RunAsync(directive, output, cancellation)
                    : await RunCodeAsync(segment.Text, file, output, cancellation);
                if (error is not null)
                    return new CellResult(error);
            }

            return new CellResult(null);
        }
        finally
        {
            _console.End();
        }
    }

    private async Task<CellError?> RunCodeAsync(string code, string file, ICellOutput output, CancellationToken cancellation)
    {
        var (script, diagnostics) = _compiler.Compile(code, file, _state);
        if (diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error))
            return CompilationErrors.Of(diagnostics, code);

        try
        {
            await _thread.RunAsync(() => CellTensors.ScopedAsync(() => ExecuteAsync(script, output), Held), cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return new CellError("Interrupted", "The cell was interrupted; variables of earlier cells are as they were.", null, []);
        }
        catch (Exception e)
        {
            return RuntimeErrors.Of(e, file, code);
        }

        return null;
    }

    private async Task ExecuteAsync(Script<object> script, ICellOutput output)
    {
        var state = _state is null
            ? await script.RunAsync(globals: null, catchException: null, CancellationToken.None)
            : await script.RunFromAsync(_state, catchException: null, CancellationToken.None);
        _state = state;
        // 'x = 3;' has a value too, but only an expression without a semicolon asks to be shown.
        if (EndsInExpression(script) && !(state.ReturnValue is null && ReturnsNothing(script)))
            output.Result(MimeBundles.Of(state.ReturnValue));
    }

    private static bool EndsInExpression(Script script) => Root(script).Members.LastOrDefault() is GlobalStatementSyntax
    {
        Statement: ExpressionStatementSyntax { SemicolonToken.IsMissing: true },
    };

    private static bool ReturnsNothing(Script script)
    {
        var tree = script.GetCompilation().SyntaxTrees.Last();
        var statement = (ExpressionStatementSyntax)((GlobalStatementSyntax)Root(script).Members.Last()).Statement;
        return script.GetCompilation().GetSemanticModel(tree).GetTypeInfo(statement.Expression).Type is null or { SpecialType: SpecialType.System_Void };
    }

    private static CompilationUnitSyntax Root(Script script) => (CompilationUnitSyntax)script.GetCompilation().SyntaxTrees.Last().GetRoot();

    private IEnumerable<object?> Held() => _state?.Variables.Select(variable => variable.Value) ?? [];

    public bool TryGetVariable(string name, out object? value)
    {
        var variable = _state?.GetVariable(name);
        value = variable?.Value;
        return variable is not null;
    }

    public async Task SetVariableAsync(string name, object? value, Type type)
    {
        HandOver.Value = value;
        var declaration = $"var {name} = ({TypeNames.Of(type)}){typeof(HandOver).FullName}.Value;";
        var (script, diagnostics) = _compiler.Compile(declaration, "set", _state);
        if (diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error)
            throw new ArgumentException($"name: '{name}' cannot be a variable: {error.GetMessage()}", nameof(name));
        _state = _state is null ? await script.RunAsync() : await script.RunFromAsync(_state);
        HandOver.Value = null;
    }

    public void Display(MimeBundle bundle, string displayId) => _output?.Display(bundle, displayId);

    public void Update(string displayId, MimeBundle bundle) => _output?.Update(displayId, bundle);

    public ValueTask DisposeAsync()
    {
        _thread.Dispose();
        _console.Dispose();
        NotebookHost.Attach(null);
        return ValueTask.CompletedTask;
    }
}
