namespace Attn.Notebook;

/// <summary>
/// A progress display that updates in place: a bar, the count, the time so far, the time left and a text. Started inside another,
/// it stands below it, indented. Silent outside a notebook.
/// </summary>
/// <example><code>using var progress = Progress.Start("training", steps);
/// for (var i = 0; i &lt; steps; i++) progress.Report(i + 1, $"loss {loss:g3}");</code></example>
public sealed class Progress : IDisposable
{
    /// <summary>The MIME type by which a program that runs notebooks knows progress: a JSON object of title, done, total and text.</summary>
    public const string MimeType = "application/vnd.attn.progress+json";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly AsyncLocal<int> Depth = new();

    private readonly Lock _gate = new();
    private readonly INotebookHost? _host;
    private readonly TimeProvider _clock;
    private readonly long _start;
    private readonly string _id = Guid.NewGuid().ToString("N");
    private ProgressState _state;
    private long _shown;
    private bool _disposed;

    private Progress(string title, long? total, INotebookHost? host, TimeProvider clock)
    {
        (_host, _clock, _start) = (host, clock, clock.GetTimestamp());
        _shown = _start;
        _state = new ProgressState(title, 0, total, TimeSpan.Zero, "", Ended: false, Depth.Value++);
        _host?.Display(ProgressView.Of(_state), _id);
    }

    /// <summary>Starts a display.</summary>
    /// <param name="title">What is being done.</param>
    /// <param name="total">How many steps there are; null when nobody knows.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="total"/> is negative.</exception>
    public static Progress Start(string title, long? total = null) => Start(title, total, TimeProvider.System);

    internal static Progress Start(string title, long? total, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(title);
        if (total < 0)
            throw new ArgumentOutOfRangeException(nameof(total), total, "total: needs a number of steps, or null when nobody knows.");
        return new Progress(title, total, NotebookHost.Current, clock);
    }

    /// <summary>Says how far the work is. Cheap: at most ten times a second something is shown. Safe from any thread.</summary>
    /// <param name="done">Steps done so far; held within 0 and the total.</param>
    /// <param name="text">What to show beside the bar, such as the loss; null keeps the last one.</param>
    /// <exception cref="OperationCanceledException">The user has interrupted the cell.</exception>
    public void Report(long done, string? text = null)
    {
        if (_host is null)
            return;
        _host.Cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_disposed)
                return;
            _state = _state with { Done = Math.Clamp(done, 0, _state.Total ?? long.MaxValue), Text = text ?? _state.Text };
            if (_clock.GetElapsedTime(_shown) >= Pause)
                Show();
        }
    }

    /// <summary>Ends the display, which then shows how far the work came and how long it took.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            Depth.Value = _state.Depth;
            _state = _state with { Ended = true };
            Show();
        }
    }

    private void Show()
    {
        _shown = _clock.GetTimestamp();
        _state = _state with { Elapsed = _clock.GetElapsedTime(_start, _shown) };
        _host?.Update(_id, ProgressView.Of(_state));
    }
}
