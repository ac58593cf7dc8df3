namespace Attn.Kernels;

/// <summary>Which token may look at which: the four patterns that a mechanism may serve.</summary>
[Flags]
public enum AttentionPatterns
{
    /// <summary>No pattern.</summary>
    None = 0,

    /// <summary>Queries and keys from one sequence; every token sees every token.</summary>
    NoncausalSelf = 1,

    /// <summary>Queries and keys from one sequence; a token sees itself and what came before.</summary>
    CausalSelf = 2,

    /// <summary>Queries and keys from two sequences; every query sees every key.</summary>
    NoncausalCross = 4,

    /// <summary>Queries and keys from two sequences, aligned at their ends (bottom right): query i sees keys up to i + Tk − Tq.</summary>
    CausalCross = 8,

    /// <summary>All four patterns.</summary>
    All = NoncausalSelf | CausalSelf | NoncausalCross | CausalCross,
}
