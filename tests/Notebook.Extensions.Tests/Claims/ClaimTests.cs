using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;

namespace Attn.Notebook.Tests.Claiming;

/// <summary>When a claim holds, when it does not, and what cannot be called a claim.</summary>
public sealed class ClaimTests
{
    private static readonly Criterion Small = Criterion.Below(1), Large = Criterion.Above(10);

    [Theory]
    [InlineData(0.5, 20, ClaimStatus.Holds)]
    [InlineData(1.5, 20, ClaimStatus.DoesNotHold)]
    [InlineData(0.5, 5, ClaimStatus.DoesNotHold)] // A control that is as the claim says shows that the measurement shows nothing.
    [InlineData(double.NaN, 20, ClaimStatus.DoesNotHold)]
    [InlineData(0.5, double.NaN, ClaimStatus.DoesNotHold)]
    public void It_holds_when_every_check_and_every_control_is_as_it_must_be(double measured, double control, ClaimStatus status) =>
        Assert.Equal(status, Claim.Exact("C1", "s").Check("m", measured, Small).Control("c", control, Large).Status);

    [Fact]
    public void Of_many_values_the_worst_counts_for_an_exact_claim()
    {
        var claim = Claim.Exact("C1", "s").Check("m", [0.1, 3, 0.2], Small).Control("c", true);
        Assert.Equal(ClaimStatus.DoesNotHold, claim.Status);
        Assert.Equal((3, 3), (claim.Checks[0].Value, claim.Checks[0].Count));
        Assert.Equal(ClaimStatus.DoesNotHold, Claim.Exact("C1", "s").Check("m", [0.1, double.NaN], Small).Control("c", true).Status);
    }

    [Fact]
    public void Of_many_seeds_the_mean_counts_for_a_measured_claim_and_the_spread_is_shown()
    {
        var claim = Claim.Measured("C1", "s").Check("m", [0.1, 1.3, 0.7], Small).Control("c", true);
        Assert.Equal(ClaimStatus.Holds, claim.Status);
        Assert.Equal(0.7, claim.Checks[0].Value, 1e-12);
        Assert.Equal(0.6, claim.Checks[0].Spread!.Value, 1e-12);
        Assert.Equal("0.7 ± 0.6 (n = 3)", claim.Checks[0].Measured);
        Assert.Equal(ClaimStatus.DoesNotHold, Claim.Measured("C1", "s").CheckEach("m", [0.1, 1.3, 0.7], Small).Control("c", true).Status);
    }

    [Fact]
    public void A_measured_claim_needs_three_seeds()
    {
        Assert.Contains("at least 3 seeds", Assert.Throws<ArgumentException>(() => Claim.Measured("C1", "s").Check("m", [1, 2], Small)).Message);
        Assert.Contains("at least 3 seeds", Assert.Throws<InvalidOperationException>(() => Claim.Measured("C1", "s").Check("m", 1, Small)).Message);
    }

    [Fact]
    public void A_claim_needs_a_check_and_a_control_or_a_reason_for_none()
    {
        Assert.Contains("no check", Assert.Throws<InvalidOperationException>(() => Claim.Exact("C1", "s").Control("c", true).Status).Message);
        Assert.Contains("no negative control", Assert.Throws<InvalidOperationException>(() => Claim.Exact("C1", "s").Check("m", true).Status).Message);
        Assert.Equal(ClaimStatus.Holds, Claim.Exact("C1", "s").Check("m", true).NoControl("a definition").Status);
        Assert.Throws<ArgumentException>(() => Claim.Exact("C1", "s").NoControl(" "));
    }

    [Fact]
    public void What_was_not_run_never_holds()
    {
        var claim = Claim.Gpu("C1", "s").Check("m", 0, Small).Control("c", true).NotRun("no GPU");
        Assert.Equal(ClaimStatus.NotRun, claim.Status);
        Assert.Contains("no GPU", (string)claim.ToMimeBundle().Data[Mime.Text]);
    }

    [Fact]
    public void What_was_tried_is_shown_where_it_does_not_hold()
    {
        var claim = Claim.Exact("C1", "s").Check("m", 2, Small).Control("c", true).Tried("everything");
        Assert.Contains("everything", (string)claim.ToMimeBundle().Data[Mime.Text]);
        Assert.Contains("everything", (string)claim.ToMimeBundle().Data[Mime.Html]);
        Assert.DoesNotContain("everything", (string)Claim.Exact("C1", "s").Check("m", 0, Small).Control("c", true).Tried("everything").ToMimeBundle().Data[Mime.Text]);
    }

    [Fact]
    public void A_record_survives_json()
    {
        var claim = Claim.Measured("C1", "s <b>").Paper("p").Check("m", [0.1, double.PositiveInfinity, 0.3], Small).Control("c", double.NaN, Large).Tried("t");
        var json = JsonNode.Parse(ClaimRecord.Of(claim).ToJson().ToJsonString())!;
        var record = ClaimRecord.FromJson(json);
        Assert.Equal((claim.Id, claim.Statement, claim.Kind, claim.Status), (record.Id, record.Statement, record.Kind, record.Status));
        Assert.Equal(claim.Checks, record.Checks);
        Assert.Equal(claim.Controls, record.Controls);
    }

    [Fact]
    public void A_report_has_a_row_a_claim_and_obeys_no_markup()
    {
        var claims = Enumerable.Range(1, 3).Select(i => Claim.Exact($"C{i}", "<b>s</b>").Check("<i>m</i>", i - 1, Small).Control("c", true)).ToArray();
        var bundle = Claims.Report(claims).ToMimeBundle();
        // VS Code refuses a notebook's output whose JSON is an array of anything but lines.
        Assert.Equal(claims.Length, Assert.IsType<JsonObject>(bundle.Data[ClaimReport.MimeType])["claims"]!.AsArray().Count);
        var document = new HtmlParser().ParseDocument((string)bundle.Data[Mime.Html]);
        Assert.Equal(3, document.QuerySelectorAll("tbody tr").Length);
        Assert.Empty(document.QuerySelectorAll("i"));
        Assert.Equal(["✓ holds", "✗ does not hold here", "✗ does not hold here"], document.QuerySelectorAll("tbody tr td:first-child").Select(cell => cell.TextContent.Trim()));
    }
}
