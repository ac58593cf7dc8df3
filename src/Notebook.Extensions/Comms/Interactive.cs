using System.Text.Json.Nodes;

namespace Attn.Notebook;

/// <summary>A control and what is shown for its value; see <see cref="Interact"/>.</summary>
/// <typeparam name="T">The values that it takes.</typeparam>
public sealed class Interactive<T> : INotebookView
{
    private readonly Func<T, object?> _show;
    private readonly Func<T, double> _number;
    private readonly Func<T, string> _text;
    private readonly Control _control;
    private readonly List<IComm> _comms = [];
    private DisplayedValue? _shown;

    private Interactive(Control control, T value, Func<T, object?> show, Func<T, double> number, Func<T, string> text) =>
        (_control, Value, _show, _number, _text) = (control, value, show, number, text);

    /// <summary>The value at which the control stands.</summary>
    public T Value { get; private set; }

    /// <summary>Moves the control, and shows what belongs to the new value.</summary>
    public void Set(T value)
    {
        Change(value);
        foreach (var comm in _comms)
            comm.Send(new JsonObject { ["value"] = _number(value), ["text"] = _text(value) });
    }

    /// <inheritdoc/>
    public MimeBundle ToMimeBundle() => MimeBundle.Text($"{_control.Label} = {_text(Value)}");

    internal static Interactive<T> Start(Control control, T value, Func<T, object?> show, Func<double, T> read, Func<T, double> number, Func<T, string> text)
    {
        var interactive = new Interactive<T>(control, value, show, number, text);
        ControlComms.Attach(control.Id, comm =>
        {
            interactive._comms.Add(comm);
            comm.Closed += () => interactive._comms.Remove(comm);
            comm.Received += data => interactive.Receive(comm, data, read);
        });
        Display.Show(MimeBundle.Html(control.Html(number(value), text(value), NotebookHost.Current?.Comms?.KernelId), $"{control.Label} = {text(value)}"));
        interactive._shown = Display.Show(interactive.Shown());
        return interactive;
    }

    private void Receive(IComm comm, JsonObject data, Func<double, T> read)
    {
        if (data["value"] is not JsonValue sent || !sent.TryGetValue<double>(out var number) || !double.IsFinite(number))
            return;
        Change(read(number));
        // The front end waits for this before it sends the next value, so that a quick hand does not queue up work.
        comm.Send(new JsonObject { ["done"] = number, ["text"] = _text(Value) });
    }

    private void Change(T value)
    {
        Value = value;
        _shown?.Update(Shown());
    }

    private object? Shown()
    {
        try
        {
            return _show(Value);
        }
        catch (Exception e) when (!MimeBundles.IsInterrupt(e))
        {
            return e;
        }
    }
}
