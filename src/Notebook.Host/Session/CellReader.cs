namespace Attn.Host.Session;

/// <summary>Standard input of the running cell: each line is a question to whoever runs it.</summary>
internal sealed class CellReader : TextReader
{
    private ICellInput? _input;
    private string _line = "";
    private int _next;

    /// <summary>Who is asked from now on; null when there is nobody, and input is at its end.</summary>
    public void Attach(ICellInput? input) => (_input, _line, _next) = (input, "", 0);

    public override string? ReadLine()
    {
        if (_next == _line.Length)
            return _input?.ReadLine("", hidden: false);
        var rest = _line[_next..].TrimEnd('\n');
        (_line, _next) = ("", 0);
        return rest;
    }

    public override int Peek() => Fill() ? _line[_next] : -1;

    public override int Read() => Fill() ? _line[_next++] : -1;

    private bool Fill()
    {
        if (_next < _line.Length)
            return true;
        if (_input?.ReadLine("", hidden: false) is not { } line)
            return false;
        (_line, _next) = (line + "\n", 0);
        return true;
    }
}
