namespace Attn.Notebook.Typesetting;

/// <summary>What an operator does to the space about it.</summary>
internal enum OperatorRole
{
    /// <summary>As MathML's dictionary says.</summary>
    Dictionary,

    /// <summary>A relation, where the dictionary may not know it: 5/18 em on both sides.</summary>
    Relation,

    /// <summary>A binary operator: 4/18 em on both sides.</summary>
    Binary,

    /// <summary>No space on either side: bars, slashes, dots.</summary>
    Ordinary,

    /// <summary>A bracket that opens.</summary>
    Opening,

    /// <summary>A bracket that closes.</summary>
    Closing,

    /// <summary>A sum, an integral: large in display.</summary>
    Large,
}

/// <summary>An operator, relation, bracket or separator.</summary>
/// <param name="Text">The character.</param>
/// <param name="Role">Its role.</param>
/// <param name="Size">Null: its own size; 0: stretched to its neighbours; else its height in em.</param>
/// <param name="Limits">Whether its scripts stand below and above, in display.</param>
internal sealed record OperatorNode(string Text, OperatorRole Role, double? Size = null, bool Limits = false) : MathNode;
