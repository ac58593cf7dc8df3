namespace Attn.Host.Jupyter;

/// <summary>Knows again messages that have been there: one that somebody recorded and sends a second time is signed rightly too.</summary>
internal sealed class ReplayGuard
{
    /// <summary>Signatures that are remembered.</summary>
    public const int Most = 1 << 16;

    private readonly HashSet<string> _seen = [];
    private readonly Queue<string> _order = new();

    /// <summary>Whether a signature is new; an empty one always is, since it tells nothing.</summary>
    public bool IsNew(byte[] signature)
    {
        if (signature.Length == 0)
            return true;
        var key = Convert.ToHexString(signature);
        if (!_seen.Add(key))
            return false;
        _order.Enqueue(key);
        if (_order.Count > Most)
            _seen.Remove(_order.Dequeue());
        return true;
    }
}
