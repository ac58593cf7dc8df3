namespace Attn.Notebook.Typesetting;

/// <summary>A symbol struck through.</summary>
internal static class Negation
{
    private const string Slash = "\u0338"; // combining long solidus overlay

    public static MathNode Of(MathNode node) => node switch
    {
        OperatorNode op => op with { Text = op.Text + Slash },
        IdentifierNode letter => letter with { Text = letter.Text + Slash },
        RowNode { Items: [var only] } => Of(only),
        _ => new RowNode([new OperatorNode("/", OperatorRole.Ordinary), node]),
    };
}
