using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Attn.Host.Jupyter;

/// <summary>Messages as frames: identities, a delimiter, the signature, and four JSON parts.</summary>
internal sealed class WireFormat(MessageSigner signer)
{
    private const int Parts = 4;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();
    private readonly ReplayGuard _replays = new();

    public IReadOnlyList<byte[]> Write(JupyterMessage message)
    {
        byte[][] parts = [Bytes(message.Header), Bytes(message.Parent), "{}"u8.ToArray(), Bytes(message.Content)];
        return [.. message.Identities, Delimiter, signer.Sign(parts), .. parts];
    }

    /// <summary>The message that the frames hold; null when they are no message, or one that the front end did not sign, or that has been there before.</summary>
    public JupyterMessage? Read(IReadOnlyList<byte[]> frames)
    {
        var delimiter = 0;
        while (delimiter < frames.Count && !frames[delimiter].AsSpan().SequenceEqual(Delimiter))
            delimiter++;
        if (frames.Count < delimiter + 2 + Parts)
            return null;
        byte[][] parts = [.. frames.Skip(delimiter + 2).Take(Parts)];
        if (!signer.Verify(parts, frames[delimiter + 1]) || !_replays.IsNew(frames[delimiter + 1]))
            return null;
        return Json(parts[0]) is { } header && header.Text("msg_type").Length > 0 && Json(parts[1]) is { } parent && Json(parts[3]) is { } content
            ? new JupyterMessage([.. frames.Take(delimiter)], header, parent, content)
            : null;
    }

    // Half a surrogate pair is found only when a string is read, as deep as it lies.
    private static bool IsWellFormed(JsonNode? node) => node switch
    {
        JsonObject json => json.All(pair => IsWellFormed(pair.Value)),
        JsonArray array => array.All(IsWellFormed),
        JsonValue value => IsReadable(value),
        _ => true,
    };

    private static bool IsReadable(JsonValue value)
    {
        try
        {
            return value.GetValueKind() != JsonValueKind.String || value.TryGetValue<string>(out _);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static JsonObject? Json(byte[] part)
    {
        try
        {
            return JsonNode.Parse(part, documentOptions: Strict) is JsonObject json && IsWellFormed(json) ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
