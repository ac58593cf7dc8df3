namespace Attn.Notebook;

/// <summary>What cards and tables of claims look like: readable on light and on dark.</summary>
internal static class ClaimStyle
{
    public const string Line = "rgba(128,128,128,.35)";
    public const string Cell = "text-align:left;vertical-align:top;padding:3px 14px 3px 0;border:none;background:none";

    public static string Color(ClaimStatus status) => status switch
    {
        ClaimStatus.Holds => "#2e8b57",
        ClaimStatus.DoesNotHold => "#d1495b",
        _ => "#8a8f98",
    };

    public static string Badge(ClaimStatus status) =>
        $"<span class=\"attn-status\" style=\"display:inline-block;color:#fff;background:{Color(status)};border-radius:9px;padding:1px 9px;font-size:12px;white-space:nowrap\">"
        + $"{status.Mark()} {status.InWords()}</span>";
}
