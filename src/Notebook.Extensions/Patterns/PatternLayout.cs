namespace Attn.Notebook;

/// <summary>How an attention pattern is drawn at first; on a page with scripts the reader can change it.</summary>
public enum PatternLayout
{
    /// <summary>Every head of every layer, side by side.</summary>
    Heads,

    /// <summary>One head as a matrix, to be zoomed.</summary>
    Matrix,

    /// <summary>One head as lines from queries to keys.</summary>
    Lines,
}
