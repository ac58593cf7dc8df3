namespace Attn.Experiments;

/// <summary>Which linear maps of a transformer's blocks are under σReparam.</summary>
[Flags]
public enum SigmaPlaces
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Queries and keys: what the logits are made of.</summary>
    QueryKey = 1,

    /// <summary>Values and the attention's output.</summary>
    ValueOutput = 2,

    /// <summary>Both maps of the MLP.</summary>
    Mlp = 4,

    /// <summary>All of them: the paper's choice.</summary>
    All = QueryKey | ValueOutput | Mlp,
}
