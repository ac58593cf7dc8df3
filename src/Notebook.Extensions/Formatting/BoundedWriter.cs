using System.Text;

namespace Attn.Notebook.Formatting;

/// <summary>Collects at most <paramref name="limit"/> characters; a write past them throws, so that no formatter runs away.</summary>
internal sealed class BoundedWriter(int limit) : TextWriter(System.Globalization.CultureInfo.InvariantCulture)
{
    private readonly StringBuilder _text = new();

    /// <summary>Whether something was cut off.</summary>
    public bool Exceeded { get; private set; }

    public override Encoding Encoding => Encoding.Unicode;

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        var room = limit - _text.Length;
        if (buffer.Length <= room)
        {
            _text.Append(buffer);
            return;
        }

        _text.Append(buffer[..room]);
        Exceeded = true;
        throw new OutputLimitException();
    }

    public override string ToString() => _text.ToString();
}

/// <summary>A formatter wrote more than a notebook can hold.</summary>
internal sealed class OutputLimitException() : Exception("the output is longer than a notebook can hold");
