using System.Runtime.CompilerServices;

namespace Attn.Notebook;

/// <summary>The claims that a notebook has shown, the last word on each, in the order of their first showing.</summary>
internal static class StatedClaims
{
    private static readonly ConditionalWeakTable<INotebookHost, OrderedDictionary<string, ClaimRecord>> Of = [];

    /// <summary>Remembers a claim for the current host; outside a notebook there is nobody to ask later.</summary>
    public static void Add(ClaimRecord claim)
    {
        if (NotebookHost.Current is not { } host)
            return;
        var claims = Of.GetOrCreateValue(host);
        lock (claims)
            claims[claim.Id] = claim;
    }

    /// <summary>What a host's notebook has stated so far.</summary>
    public static IReadOnlyList<ClaimRecord> In(INotebookHost host)
    {
        if (!Of.TryGetValue(host, out var claims))
            return [];
        lock (claims)
            return [.. claims.Values];
    }
}
