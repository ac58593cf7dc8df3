using System.Text.Json.Nodes;
using Attn.Host.Session.Language;

namespace Attn.Host.Jupyter;

/// <summary>What the thing at the cursor is: signature and documentation; at detail level 1 also overloads, members and source.</summary>
internal sealed class Inspections(LanguageServices language)
{
    public async Task<JsonObject?> ReplyAsync(JupyterMessage request)
    {
        var (code, cursor) = request.Content.Place();
        var text = await language.InspectAsync(code, cursor, request.Content.Number("detail_level") > 0, CancellationToken.None);
        return new()
        {
            ["status"] = "ok",
            ["found"] = text is not null,
            ["data"] = text is null ? new JsonObject() : new JsonObject { ["text/plain"] = text },
            ["metadata"] = new JsonObject(),
        };
    }
}
