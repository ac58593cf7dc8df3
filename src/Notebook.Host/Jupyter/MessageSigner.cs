using System.Security.Cryptography;
using System.Text;

namespace Attn.Host.Jupyter;

/// <summary>Signs messages, and tells those of the front end from forged ones (HMAC-SHA256 over the four JSON parts).</summary>
internal sealed class MessageSigner(string key)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    /// <summary>The signature in lower-case hexadecimal; empty when the connection has no key.</summary>
    public byte[] Sign(IReadOnlyList<byte[]> parts)
    {
        if (_key.Length == 0)
            return [];
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        foreach (var part in parts)
            hash.AppendData(part);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Whether the signature is right; takes as long for a nearly right one as for a wrong one.</summary>
    public bool Verify(IReadOnlyList<byte[]> parts, byte[] signature) => _key.Length == 0 || CryptographicOperations.FixedTimeEquals(Sign(parts), signature);
}
