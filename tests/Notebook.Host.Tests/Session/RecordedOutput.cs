using System.Text;
using Attn.Host.Session;
using Attn.Notebook;

namespace Attn.Host.Tests.Session;

/// <summary>Keeps what a cell shows.</summary>
internal sealed class RecordedOutput : ICellOutput
{
    private readonly StringBuilder _out = new(), _error = new();

    public event Action<string>? Streamed;

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    public List<(string Id, MimeBundle Bundle, bool Update)> Displays { get; } = [];

    public List<MimeBundle> Results { get; } = [];

    public string? Result => Results.Count == 0 ? null : Results[^1].Data["text/plain"].ToString();

    public void Stream(OutputStream stream, string text)
    {
        (stream == OutputStream.Out ? _out : _error).Append(text);
        Streamed?.Invoke(text);
    }

    public void Display(MimeBundle bundle, string displayId) => Displays.Add((displayId, bundle, false));

    public void Update(string displayId, MimeBundle bundle) => Displays.Add((displayId, bundle, true));

    void ICellOutput.Result(MimeBundle bundle) => Results.Add(bundle);
}
