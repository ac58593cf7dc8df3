namespace Attn.Notebook.Tests;

/// <summary>A host that remembers what it was asked to show.</summary>
internal sealed class RecordingHost : INotebookHost
{
    public List<(string Id, bool IsUpdate, MimeBundle Bundle)> Shown { get; } = [];

    public CancellationTokenSource Interrupt { get; } = new();

    public bool NeedsPlotlyScript { get; init; }

    public Dictionary<string, object?> Variables { get; } = [];

    public IReadOnlyCollection<string> VariableNames => Variables.Keys;

    public CancellationToken Cancellation => Interrupt.Token;

    /// <summary>The plain texts in order.</summary>
    public IEnumerable<string> Texts => Shown.Select(shown => (string)shown.Bundle.Data["text/plain"]);

    public IDisposable Attached()
    {
        NotebookHost.Attach(this);
        return new Detachment();
    }

    public void Display(MimeBundle bundle, string displayId) => Shown.Add((displayId, false, bundle));

    public void Update(string displayId, MimeBundle bundle) => Shown.Add((displayId, true, bundle));

    public bool TryGetVariable(string name, out object? value) => Variables.TryGetValue(name, out value);

    public Task SetVariableAsync(string name, object? value, Type type)
    {
        Variables[name] = value;
        return Task.CompletedTask;
    }

    private sealed class Detachment : IDisposable
    {
        public void Dispose() => NotebookHost.Attach(null);
    }
}
