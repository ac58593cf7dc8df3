using System.Text;

namespace Attn.Notebook.Typesetting;

/// <summary>Reads LaTeX token by token, and whole groups as raw text where mathematics stops.</summary>
internal sealed class TexTokenizer(string tex)
{
    /// <summary>An optional argument is short; looking for its end no further keeps the work linear.</summary>
    private const int LongestOption = 200;

    private int _at;
    private TexToken? _peeked;
    private int _peekStart;

    public TexToken Peek()
    {
        if (_peeked is { } token)
            return token;
        _peekStart = _at;
        return (_peeked = Read()).Value;
    }

    public TexToken Next()
    {
        var token = Peek();
        _peeked = null;
        return token;
    }

    /// <summary>
    /// The text of a group <c>{…}</c>, inner braces included, or of the one token that stands in its place.
    /// An unclosed group ends with the input.
    /// </summary>
    public string RawGroup()
    {
        Rewind();
        SkipSpace();
        if (_at >= tex.Length)
            return "";
        if (tex[_at] != '{')
            return Next().Text;
        int depth = 0, start = _at + 1;
        for (; _at < tex.Length; _at++)
            if (tex[_at] == '\\')
                _at++;
            else if (tex[_at] == '{')
                depth++;
            else if (tex[_at] == '}' && --depth == 0)
                return tex[start.._at++];
        _at = tex.Length;
        return tex[Math.Min(start, _at)..];
    }

    /// <summary>The text of an optional argument <c>[…]</c>; null where there is none.</summary>
    public string? RawOptional()
    {
        Rewind();
        var start = _at;
        SkipSpace();
        if (_at >= tex.Length || tex[_at] != '[' || tex.IndexOf(']', _at, Math.Min(LongestOption, tex.Length - _at)) is var end && end < 0)
        {
            _at = start;
            return null;
        }

        var text = tex[(_at + 1)..end];
        _at = end + 1;
        return text;
    }

    /// <summary>Takes a star that follows a command's name.</summary>
    public bool TakeStar()
    {
        if (!Peek().IsCharacter("*"))
            return false;
        Next();
        return true;
    }

    private void Rewind()
    {
        if (_peeked is null)
            return;
        _at = _peekStart;
        _peeked = null;
    }

    private TexToken Read()
    {
        SkipSpace();
        if (_at >= tex.Length)
            return new(TexKind.End, "");
        if (tex[_at] == '\\')
            return ReadCommand();
        var rune = Rune.TryGetRuneAt(tex, _at, out var whole) ? whole : Rune.ReplacementChar;
        _at += rune == Rune.ReplacementChar ? 1 : rune.Utf16SequenceLength;
        return rune.Value switch
        {
            '{' => new(TexKind.Open, "{"),
            '}' => new(TexKind.Close, "}"),
            '^' => new(TexKind.Superscript, "^"),
            '_' => new(TexKind.Subscript, "_"),
            '\'' => new(TexKind.Prime, "'"),
            '&' => new(TexKind.Align, "&"),
            '~' => new(TexKind.Command, " "),
            _ => new(TexKind.Character, rune.ToString()),
        };
    }

    private TexToken ReadCommand()
    {
        var start = ++_at;
        while (_at < tex.Length && char.IsAsciiLetter(tex[_at]))
            _at++;
        if (_at == start && _at < tex.Length)
            _at += char.IsSurrogatePair(tex, _at) ? 2 : 1;
        var name = tex[start.._at];
        return name == "\\" ? new(TexKind.NewLine, name) : new(TexKind.Command, char.IsWhiteSpace(name.FirstOrDefault()) ? " " : name);
    }

    private void SkipSpace()
    {
        while (_at < tex.Length && (char.IsWhiteSpace(tex[_at]) || tex[_at] == '%'))
            if (tex[_at] == '%' && tex.IndexOf('\n', _at) is var end)
                _at = end < 0 ? tex.Length : end + 1;
            else
                _at++;
    }
}
