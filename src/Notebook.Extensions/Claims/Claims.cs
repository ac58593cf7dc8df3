using System.Text.Json.Nodes;

namespace Attn.Notebook;

/// <summary>Tables of claims.</summary>
public static class Claims
{
    /// <summary>The report of a notebook: its claims in one table.</summary>
    public static ClaimReport Report(params IReadOnlyList<Claim> claims) => new([.. claims.Select(ClaimRecord.Of)]);
}

/// <summary>Claims in one table.</summary>
/// <param name="Records">The claims, in order.</param>
public sealed record ClaimReport(IReadOnlyList<ClaimRecord> Records) : INotebookView
{
    /// <summary>The MIME type of a report: a JSON object whose <c>claims</c> is an array of them; VS Code takes an array for lines of text.</summary>
    public const string MimeType = "application/vnd.attn.report+json";

    /// <inheritdoc/>
    public MimeBundle ToMimeBundle() => new(new Dictionary<string, object>
    {
        [MimeType] = new JsonObject { ["claims"] = new JsonArray([.. Records.Select(record => record.ToJson())]) },
        [Mime.Html] = ClaimTableView.Html(Records),
        [Mime.Text] = ClaimTableView.Text(Records),
    });
}
