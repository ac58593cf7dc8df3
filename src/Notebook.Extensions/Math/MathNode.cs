namespace Attn.Notebook.Typesetting;

/// <summary>A piece of an expression, as MathML Core has them.</summary>
internal abstract record MathNode;

/// <summary>A variable or name; upright when so asked or when it has several letters.</summary>
internal sealed record IdentifierNode(string Text, bool Upright = false) : MathNode;

internal sealed record NumberNode(string Text) : MathNode;

internal sealed record TextNode(string Text, string? Style = null) : MathNode;

/// <summary>A command that nobody knows, shown as it was written.</summary>
internal sealed record UnknownNode(string Command) : MathNode;

/// <summary>A space, in em.</summary>
internal sealed record SpaceNode(double Em) : MathNode;

internal sealed record RowNode(IReadOnlyList<MathNode> Items) : MathNode
{
    public static RowNode Empty { get; } = new([]);
}

/// <summary>A part with CSS or attributes of its own: a colour, a display style, a phantom.</summary>
internal sealed record WrapNode(string Element, string Attributes, MathNode Inner) : MathNode
{
    /// <summary>Whether scripts stand below and above it, as they do at a brace.</summary>
    public bool Limits { get; init; }
}

/// <summary>A fraction; without its line when <paramref name="Line"/> is false, in text or display size when <paramref name="Display"/> says so.</summary>
internal sealed record FractionNode(MathNode Top, MathNode Bottom, bool Line = true, bool? Display = null) : MathNode;

internal sealed record RootNode(MathNode Radicand, MathNode? Degree) : MathNode;

/// <summary>Sub- and superscripts; below and above the base when <paramref name="Limits"/>.</summary>
internal sealed record ScriptsNode(MathNode Base, MathNode? Sub, MathNode? Sup, bool Limits) : MathNode;

/// <summary>A mark over or under its base.</summary>
internal sealed record AccentNode(MathNode Base, string Mark, bool Under, bool Stretchy) : MathNode;

/// <summary>Cells in rows. <paramref name="Align"/> holds l, c or r for each column and its last one for those that follow.</summary>
internal sealed record TableNode(IReadOnlyList<IReadOnlyList<MathNode>> Rows, string Align, bool Display, string Style) : MathNode;

/// <summary>A named function such as log; <paramref name="Limits"/> for those like max that take them below.</summary>
internal sealed record FunctionNode(string Name, bool Limits) : MathNode;
