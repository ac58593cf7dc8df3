namespace Attn.Kernels;

/// <summary>What RALA's one global query is the mean of.</summary>
public enum GlobalQuery
{
    /// <summary>Nothing: there is none, all keys count alike, and what is left is linear attention.</summary>
    None,

    /// <summary>The queries, as the paper writes it: a mean that can be near zero and then prefers no token.</summary>
    MeanOfQueries,

    /// <summary>κ(q), as the released code has it: always positive, so that it prefers the largest keys.</summary>
    MeanOfFeatures,
}
