using System.Globalization;
using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>A message of Jupyter's protocol.</summary>
/// <param name="Identities">The route to its peer; for a publication, its topic.</param>
/// <param name="Header">Who says what, when.</param>
/// <param name="Parent">The header of the message that it answers; empty when it answers none.</param>
/// <param name="Content">What it says.</param>
internal sealed record JupyterMessage(IReadOnlyList<byte[]> Identities, JsonObject Header, JsonObject Parent, JsonObject Content)
{
    /// <summary>The version of the protocol that this kernel speaks.</summary>
    public const string ProtocolVersion = "5.5";

    private static readonly string Session = Guid.NewGuid().ToString("N");

    public string Type => Header.Text("msg_type");

    /// <summary>A reply that takes the way back.</summary>
    public JupyterMessage Reply(string type, JsonObject content) => new(Identities, NewHeader(type), (JsonObject)Header.DeepClone(), content);

    /// <summary>A publication on behalf of this message.</summary>
    public JupyterMessage Publication(string type, JsonObject content) =>
        new([System.Text.Encoding.UTF8.GetBytes($"kernel.{Session}.{type}")], NewHeader(type), (JsonObject)Header.DeepClone(), content);

    public static JupyterMessage Orphan(string type, JsonObject content) => new([System.Text.Encoding.UTF8.GetBytes(type)], NewHeader(type), [], content);

    private static JsonObject NewHeader(string type) => new()
    {
        ["msg_id"] = Guid.NewGuid().ToString("N"),
        ["session"] = Session,
        ["username"] = "kernel",
        ["date"] = DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        ["msg_type"] = type,
        ["version"] = ProtocolVersion,
    };
}
