namespace Attn.Notebook;

/// <summary>How a claim is checked.</summary>
public enum ClaimKind
{
    /// <summary>An identity or a bound, checked on many draws; the worst one counts.</summary>
    Exact,

    /// <summary>An empirical finding, over at least three seeds; mean and spread are shown.</summary>
    Measured,

    /// <summary>A finding that needs a GPU; without one it is 'not run', never 'holds'.</summary>
    Gpu,
}

/// <summary>What came of a claim.</summary>
public enum ClaimStatus
{
    /// <summary>Every check holds, and every control is as it must be.</summary>
    Holds,

    /// <summary>A check or a control is not as the claim says: a finding, shown with its measurement.</summary>
    DoesNotHold,

    /// <summary>It was not run, for the reason given.</summary>
    NotRun,
}

/// <summary>The words for a status.</summary>
public static class ClaimStatusText
{
    /// <summary>So many claims of a status: <c>1 holds</c>, <c>2 do not hold here</c>, <c>3 not run</c>.</summary>
    public static string InWords(this ClaimStatus status, int count) => count == 1 ? $"1 {status.InWords()}" : status switch
    {
        ClaimStatus.Holds => $"{count} hold",
        ClaimStatus.DoesNotHold => $"{count} do not hold here",
        _ => $"{count} {status.InWords()}",
    };

    /// <summary><c>holds</c>, <c>does not hold here</c> or <c>not run</c>.</summary>
    public static string InWords(this ClaimStatus status) => status switch
    {
        ClaimStatus.Holds => "holds",
        ClaimStatus.DoesNotHold => "does not hold here",
        _ => "not run",
    };

    /// <summary>A mark of one character: ✓, ✗ or –.</summary>
    public static string Mark(this ClaimStatus status) => status switch
    {
        ClaimStatus.Holds => "✓",
        ClaimStatus.DoesNotHold => "✗",
        _ => "–",
    };
}
