using System.Text.Json;
using System.Text.Json.Serialization;

namespace Attn.Host.Jupyter;

/// <summary>Where a front end wants its kernel to listen, and the key that their messages are signed with.</summary>
internal sealed record ConnectionInfo
{
    [JsonPropertyName("transport")]
    public string Transport { get; set; } = "tcp";

    [JsonPropertyName("ip")]
    public string Ip { get; set; } = "127.0.0.1";

    [JsonPropertyName("shell_port")]
    public required int ShellPort { get; init; }

    [JsonPropertyName("control_port")]
    public required int ControlPort { get; init; }

    [JsonPropertyName("iopub_port")]
    public required int IoPubPort { get; init; }

    [JsonPropertyName("stdin_port")]
    public required int StdinPort { get; init; }

    [JsonPropertyName("hb_port")]
    public required int HeartbeatPort { get; init; }

    [JsonPropertyName("key")]
    public string Key { get; set; } = "";

    [JsonPropertyName("signature_scheme")]
    public string SignatureScheme { get; set; } = "hmac-sha256";

    /// <summary>The name by which a Jupyter server knows the kernel: its connection files are called <c>kernel-NAME.json</c>. Null for another file.</summary>
    [JsonIgnore]
    public string? KernelId { get; private init; }

    public string Address(int port) => $"tcp://{Ip}:{port}";

    /// <summary>Reads a connection file.</summary>
    /// <exception cref="InvalidDataException">It cannot be read, or asks for what this kernel does not do.</exception>
    public static ConnectionInfo Read(string path)
    {
        ConnectionInfo? info;
        try
        {
            info = JsonSerializer.Deserialize(File.ReadAllText(path), KernelJson.Default.ConnectionInfo);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new InvalidDataException($"connection file {path}: {e.Message}");
        }

        return info switch
        {
            null => throw new InvalidDataException($"connection file {path}: null."),
            { Transport: not "tcp" } => throw new InvalidDataException($"connection file {path}: transport '{info.Transport}', needs tcp."),
            { SignatureScheme: not "hmac-sha256" } when info.Key.Length > 0 =>
                throw new InvalidDataException($"connection file {path}: signature scheme '{info.SignatureScheme}', needs hmac-sha256."),
            _ => info with { KernelId = Id(path) },
        };
    }

    private static string? Id(string path) =>
        Path.GetFileNameWithoutExtension(path) is var name && name.StartsWith("kernel-", StringComparison.Ordinal) ? name["kernel-".Length..] : null;
}
