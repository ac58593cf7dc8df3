namespace Attn.Notebook;

/// <summary>Something that is shown and can be replaced where it stands.</summary>
public sealed class DisplayedValue
{
    private readonly INotebookHost? _host;

    internal DisplayedValue(INotebookHost? host, string id) => (_host, Id) = (host, id);

    /// <summary>The id under which the host knows the display.</summary>
    public string Id { get; }

    /// <summary>Shows <paramref name="value"/> in place of what was shown.</summary>
    public void Update(object? value) => Send(value, update: true);

    internal void Send(object? value, bool update)
    {
        var bundle = MimeBundles.Of(value);
        if (_host is null)
            Console.WriteLine(bundle.Data.GetValueOrDefault(Mime.Text));
        else if (update)
            _host.Update(Id, bundle);
        else
            _host.Display(bundle, Id);
    }
}
