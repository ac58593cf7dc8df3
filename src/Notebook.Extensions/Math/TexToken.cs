namespace Attn.Notebook.Typesetting;

/// <summary>The kinds of LaTeX tokens that matter in mathematics.</summary>
internal enum TexKind
{
    End,
    Command,
    Character,
    Open,
    Close,
    Superscript,
    Subscript,
    Prime,
    Align,
    NewLine,
}

/// <summary>A token; <paramref name="Text"/> is a command's name without its backslash, or the character.</summary>
internal readonly record struct TexToken(TexKind Kind, string Text)
{
    public bool IsCommand(string name) => Kind == TexKind.Command && Text == name;

    public bool IsCharacter(string text) => Kind == TexKind.Character && Text == text;
}
