using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Attn.Notebook;

/// <summary>A claim as a program reads it, in the notebook's outputs and in what <c>attn verify</c> writes.</summary>
public sealed record ClaimRecord(
    string Id, string Statement, ClaimKind Kind, string Paper, ClaimStatus Status, IReadOnlyList<Measurement> Checks,
    IReadOnlyList<Measurement> Controls, string? NoControl, string? NotRun, string? Tried)
{
    /// <summary>The MIME type of one claim.</summary>
    public const string MimeType = "application/vnd.attn.claim+json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The record of a claim.</summary>
    /// <exception cref="InvalidOperationException">See <see cref="Claim.Status"/>.</exception>
    public static ClaimRecord Of(Claim claim) => new(
        claim.Id, claim.Statement, claim.Kind, claim.PaperFigure, claim.Status, claim.Checks, claim.Controls, claim.WhyNoControl, claim.WhyNotRun,
        claim.Status == ClaimStatus.DoesNotHold ? claim.WhatWasTried : null);

    /// <summary>The record as JSON.</summary>
    public JsonNode ToJson() => JsonSerializer.SerializeToNode(this, Options)!;

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static ClaimRecord FromJson(JsonNode json) => json.Deserialize<ClaimRecord>(Options) ?? throw new JsonException("null is no claim.");
}
