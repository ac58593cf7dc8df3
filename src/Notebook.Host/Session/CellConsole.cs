using System.Text;

namespace Attn.Host.Session;

/// <summary>Sends what is written to the console, by any thread, to the running cell: promptly, in large pieces, and not without end.</summary>
internal sealed class CellConsole : IDisposable
{
    private readonly TextWriter _out = Console.Out, _error = Console.Error;
    private readonly TextReader _in = Console.In;
    private readonly CellStream _cellOut = new(OutputStream.Out), _cellError = new(OutputStream.Error);
    private readonly CellReader _cellIn = new();
    private readonly Timer _flush;

    public CellConsole()
    {
        Console.SetOut(TextWriter.Synchronized(_cellOut));
        Console.SetError(TextWriter.Synchronized(_cellError));
        Console.SetIn(_cellIn);
        _flush = new Timer(_ => Flush(), null, 40, 40);
    }

    /// <summary>Keeps what is not shown of a cell's output.</summary>
    public OutputRest? Rest
    {
        get;
        init => field = _cellOut.Rest = _cellError.Rest = value;
    }

    /// <summary>What is written from now on goes to <paramref name="output"/>, which is asked for what is read if it can be.</summary>
    public void Attach(ICellOutput output)
    {
        _cellIn.Attach(output as ICellInput);
        _cellOut.Attach(output);
        _cellError.Attach(output);
    }

    /// <summary>The cell has ended.</summary>
    public void End()
    {
        _cellOut.End();
        _cellError.End();
    }

    /// <summary>Sends what is pending.</summary>
    public void Flush()
    {
        _cellOut.Flush();
        _cellError.Flush();
    }

    public void Dispose()
    {
        _flush.Dispose();
        Flush();
        Console.SetOut(_out);
        Console.SetError(_error);
        Console.SetIn(_in);
        Rest?.Dispose();
    }
}

/// <summary>One stream of the running cell.</summary>
internal sealed class CellStream(OutputStream stream) : TextWriter
{
    /// <summary>Characters that one cell may write to one stream: a page with more cannot be read, and a loop that prints must not fill the memory.</summary>
    public const int Limit = 4_000_000;

    private const int Piece = 1 << 16;
    private readonly Lock _gate = new();
    private readonly StringBuilder _pending = new();
    private ICellOutput? _output;
    private StreamWriter? _kept;
    private long _written;

    /// <summary>Keeps what is not shown; null where nobody would look for it.</summary>
    public OutputRest? Rest { get; set; }

    public override Encoding Encoding => Encoding.UTF8;

    public void Attach(ICellOutput output)
    {
        lock (_gate)
        {
            Flush();
            (_output, _written) = (output, 0);
        }
    }

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        lock (_gate)
        {
            var room = (int)Math.Clamp(Limit - _written, 0, buffer.Length);
            if (room < buffer.Length)
                Keep(buffer[room..]);
            _written += buffer.Length;
            _pending.Append(buffer[..room]);
            if (_pending.Length >= Piece)
                Flush();
        }
    }

    public override void Flush()
    {
        lock (_gate)
        {
            if (_pending.Length == 0 || _output is null)
                return;
            _output.Stream(stream, _pending.ToString());
            _pending.Clear();
        }
    }

    /// <summary>Ends the cell's share of the stream: says what was dropped, if anything was.</summary>
    public void End()
    {
        lock (_gate)
        {
            if (_written > Limit)
                _pending.Append(Note(_written - Limit));
            _written = 0;
            Flush();
        }
    }

    private void Keep(ReadOnlySpan<char> rest)
    {
        var before = Math.Max(0, _written - Limit);
        if (before == 0)
            _kept = Rest?.Open(stream);
        _kept?.Write(rest[..(int)Math.Clamp(OutputRest.Most - before, 0, rest.Length)]);
    }

    private string Note(long more)
    {
        if (_kept?.BaseStream is not FileStream file)
            return $"\n… {more:N0} more characters were not kept (a cell may write {Limit:N0}).\n";
        _kept.Dispose();
        _kept = null;
        var first = more > OutputRest.Most ? $"the first {OutputRest.Most:N0} of them" : "they";
        return $"\n… {more:N0} more characters are not shown; until this session ends {first} are in {file.Name}\n"
            + $"To look: File.ReadLines(\"{file.Name}\").Take(20)\n";
    }
}
