using System.Text;
using System.Text.Json.Nodes;

namespace Attn.Host.Tests.Jupyter;

/// <summary>Messages that no front end would send, drawn from a seed: forged, broken, or signed rightly and senseless.</summary>
internal sealed class HostileMessages(KernelProcess kernel, int seed)
{
    private const int Kept = 64;
    private static readonly byte[] Delimiter = "<IDS|MSG>"u8.ToArray();

    // Requests that are answered at once: a compiler could not keep up with the others.
    private static readonly string[] Quick =
        ["kernel_info_request", "history_request", "comm_info_request", "comm_open", "comm_msg", "comm_close", "debug_request", "is_complete_request", "input_reply"];

    private static readonly string[] Fields =
        ["code", "silent", "store_history", "cursor_pos", "detail_level", "user_expressions", "hist_access_type", "n", "session", "start", "stop", "pattern", "unique",
            "output", "comm_id", "target_name", "data", "value", "seq", "command", "restart"];

    private readonly Random _random = new(seed);
    private readonly List<IReadOnlyList<byte[]>> _seen = [];

    private delegate IReadOnlyList<byte[]> Kind();

    /// <summary>The next one's frames.</summary>
    public IReadOnlyList<byte[]> Next() => Pick<Kind>([Noise, Forged, Replayed, Cut, Padded, BadJson, DeepJson, BadUtf8, Unknown, Senseless, BadHeader, Misplaced])();

    // Also what would harm if it were believed: a shutdown, an interrupt, a cell.
    private IReadOnlyList<byte[]> Forged()
    {
        var frames = Copy(Signed(Pick(["shutdown_request", "interrupt_request", "execute_request", "input_reply"]), new() { ["code"] = "Environment.Exit(9);" }));
        switch (_random.Next(5))
        {
            case 0: frames[1] = []; break;
            case 1: frames[1] = Bytes(64); break;
            case 2: frames[1] = frames[1][..^1]; break;
            case 3: frames[1] = [.. frames[1], (byte)'0']; break;
            default:
                var frame = _random.Next(1, frames.Length);
                frames[frame][_random.Next(frames[frame].Length)] ^= (byte)(1 << _random.Next(7));
                break;
        }

        return frames;
    }

    private IReadOnlyList<byte[]> Replayed() => _seen.Count == 0 ? Noise() : Pick([.. _seen]);

    private IReadOnlyList<byte[]> Noise() => [.. Enumerable.Range(0, _random.Next(1, 9)).Select(_ => _random.Next(4) == 0 ? Delimiter : Bytes(_random.Next(300)))];

    private IReadOnlyList<byte[]> Cut()
    {
        var frames = Signed("execute_request", new() { ["code"] = "Environment.Exit(9);" });
        return [.. frames.Take(_random.Next(1, frames.Count))];
    }

    private IReadOnlyList<byte[]> Padded() =>
        [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Bytes(20)), .. Signed("kernel_info_request", []), .. Enumerable.Range(0, _random.Next(1, 5)).Select(_ => Bytes(_random.Next(1 << 14)))];

    private IReadOnlyList<byte[]> BadJson() => SignedParts(Text(Pick(
        ["", "{", "}", "null", "[]", "\"text\"", "{\"msg_type\":", "{\"a\":1,\"a\":2}", "{\"a\":1e999}", "{\"a\":\"\\ud800\"}", "{\"a\":NaN}", "{'a':1}", "{\"msg_type\":\"kernel_info_request\"}}"])));

    private IReadOnlyList<byte[]> DeepJson()
    {
        var depth = _random.Next(60, 2000);
        return SignedParts(Text($"{{\"msg_type\":\"kernel_info_request\",\"code\":{new string('[', depth)}{new string(']', _random.Next(2) * depth)}}}"));
    }

    private IReadOnlyList<byte[]> BadUtf8() => SignedParts([.. "{\"msg_type\":\""u8, .. Bytes(_random.Next(1, 20)), .. "\"}"u8]);

    private IReadOnlyList<byte[]> Unknown() => Signed(Pick(["no_such_request", "execute_reply", "_request", "\0", "../../etc", new string('x', 5000), "status"]), Content());

    private IReadOnlyList<byte[]> Senseless() => Signed(_random.Next(100) == 0 ? Pick(["execute_request", "inspect_request"]) : Pick(Quick), Content());

    private IReadOnlyList<byte[]> BadHeader()
    {
        var header = new JsonObject { ["msg_type"] = _random.Next(4) == 0 ? Value(2) : Pick(Quick), ["msg_id"] = Value(2), ["session"] = Value(1), ["date"] = Value(1), ["version"] = Value(1) };
        return Sign([Text(header.ToJsonString()), Text(new JsonObject { ["msg_id"] = Value(2) }.ToJsonString()), Text("{}"), Text("{}")]);
    }

    private IReadOnlyList<byte[]> Misplaced() => [.. Enumerable.Range(0, _random.Next(1, 4)).SelectMany(_ => Signed("kernel_info_request", [])).Reverse()];

    private IReadOnlyList<byte[]> Signed(string type, JsonObject content)
    {
        var frames = kernel.Wire.Write(KernelProcess.Request(type, content));
        if (type is not ("shutdown_request" or "interrupt_request" or "execute_request"))
            Remember(frames);
        return frames;
    }

    // One of the parts is what it is given.
    private IReadOnlyList<byte[]> SignedParts(byte[] part)
    {
        var wrong = _random.Next(4);
        return Sign([.. Enumerable.Range(0, 4).Select(i => i == wrong ? part : Text(i == 0 ? "{\"msg_type\":\"kernel_info_request\",\"msg_id\":\"1\"}" : "{}"))]);
    }

    private IReadOnlyList<byte[]> Sign(byte[][] parts) => [Delimiter, kernel.Signer.Sign(parts), .. parts];

    private void Remember(IReadOnlyList<byte[]> frames)
    {
        if (_seen.Count < Kept)
            _seen.Add(frames);
        else
            _seen[_random.Next(Kept)] = frames;
    }

    private JsonObject Content()
    {
        var content = new JsonObject();
        for (var left = _random.Next(6); left > 0; left--)
            content[Pick(Fields)] = Value(3);
        // What runs must not be what was drawn for another field.
        if (content["code"] is JsonValue code && code.TryGetValue<string>(out _))
            content["code"] = Pick(["", "1 +", "{", "x?", "}}}}", "\"\u0000\ufffd\"", new string('(', 200)]);
        return content;
    }

    private JsonNode? Value(int depth) => _random.Next(depth > 0 ? 10 : 8) switch
    {
        0 => null,
        1 => _random.Next(2) == 0,
        2 => Pick([0L, -1, int.MaxValue, int.MinValue, long.MaxValue, 1L << 40]),
        3 => Pick([0.5, -1e300, 1e-300]),
        4 => "",
        5 => new string((char)_random.Next(32, 0xd800), _random.Next(1, 500)),
        6 => "attn.control",
        7 => Guid.NewGuid().ToString(),
        8 => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Value(depth - 1))]),
        _ => new JsonObject { [Pick(Fields)] = Value(depth - 1) },
    };

    private static byte[][] Copy(IReadOnlyList<byte[]> frames) => [.. frames.Select(frame => (byte[])frame.Clone())];

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private T Pick<T>(T[] all) => all[_random.Next(all.Length)];
}
