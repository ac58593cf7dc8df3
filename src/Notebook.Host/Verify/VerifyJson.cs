using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Attn.Host.Runner;

namespace Attn.Host.Verify;

/// <summary>What <c>attn verify</c> found, for programs.</summary>
internal static class VerifyJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(IEnumerable<RunReport> reports) => new JsonObject
    {
        ["notebooks"] = new JsonArray([.. reports.Select(report => new JsonObject
        {
            ["notebook"] = report.Notebook.Name,
            ["title"] = report.Notebook.Title,
            ["parameters"] = new JsonObject(report.Parameters.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["seconds"] = Math.Round(report.Elapsed.TotalSeconds, 3),
            ["succeeded"] = report.Succeeded,
            ["failures"] = new JsonArray([.. report.Failures.Select(failure => new JsonObject
            {
                ["cell"] = failure.Number, ["name"] = failure.Error.Name, ["message"] = failure.Error.Message, ["line"] = failure.Error.Line,
            })]),
            ["claims"] = new JsonArray([.. report.Claims.Select(claim => claim.ToJson())]),
        })]),
    }.ToJsonString(Indented) + "\n";
}
