using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>What the kernel says of itself.</summary>
internal static class KernelInfo
{
    public static JsonObject Reply()
    {
        var version = typeof(KernelInfo).Assembly.GetName().Version!.ToString(3);
        return new()
        {
            ["status"] = "ok",
            ["protocol_version"] = JupyterMessage.ProtocolVersion,
            ["implementation"] = "attn",
            ["implementation_version"] = version,
            ["language_info"] = new JsonObject
            {
                ["name"] = "C#",
                ["version"] = "14.0",
                ["mimetype"] = "text/x-csharp",
                ["file_extension"] = ".cs",
                ["pygments_lexer"] = "csharp",
                ["codemirror_mode"] = "text/x-csharp",
            },
            ["banner"] = $"attn {version}: C# on .NET {Environment.Version}. '#!attn help' lists what is there for attention.",
            ["debugger"] = false,
            ["help_links"] = new JsonArray(),
        };
    }
}
