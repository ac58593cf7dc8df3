using System.Text.Json.Nodes;
using Attn.Host.Session.Language;

namespace Attn.Host.Jupyter;

/// <summary>What may stand at the cursor, with the kind of each where the front end shows it.</summary>
internal sealed class Completions(LanguageServices language)
{
    public async Task<JsonObject?> ReplyAsync(JupyterMessage request)
    {
        var (code, cursor) = request.Content.Place();
        var found = await language.CompleteAsync(code, cursor, CancellationToken.None);
        var start = CodePoints.FromIndex(code, found.Count > 0 ? found[0].Start : cursor);
        var end = CodePoints.FromIndex(code, found.Count > 0 ? found[0].End : cursor);
        return new()
        {
            ["status"] = "ok",
            ["matches"] = new JsonArray([.. found.Select(completion => (JsonNode)completion.Text)]),
            ["cursor_start"] = start,
            ["cursor_end"] = end,
            ["metadata"] = new JsonObject
            {
                ["_jupyter_types_experimental"] = new JsonArray([.. found.Select(completion => (JsonNode)new JsonObject
                {
                    ["start"] = start,
                    ["end"] = end,
                    ["text"] = completion.Text,
                    ["type"] = completion.Kind,
                })]),
            },
        };
    }
}
