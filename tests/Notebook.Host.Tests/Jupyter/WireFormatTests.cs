using System.Text;
using System.Text.Json.Nodes;
using Attn.Host.Jupyter;

namespace Attn.Host.Tests.Jupyter;

public class WireFormatTests
{
    private const string Key = "a key";
    private readonly MessageSigner _signer = new(Key);
    private readonly WireFormat _wire;
    private readonly JupyterMessage _message = new(
        [Encoding.UTF8.GetBytes("route")], new JsonObject { ["msg_type"] = "execute_request", ["msg_id"] = "1" }, [], new JsonObject { ["code"] = "1 + 1 // π" });

    public WireFormatTests() => _wire = new WireFormat(_signer);

    [Fact]
    public void A_message_comes_back_as_it_went()
    {
        var read = _wire.Read(_wire.Write(_message))!;
        Assert.Equal("execute_request", read.Type);
        Assert.Equal("1 + 1 // π", read.Content["code"]!.ToString());
        Assert.Equal("route", Encoding.UTF8.GetString(Assert.Single(read.Identities)));
    }

    [Fact]
    public void The_signature_is_that_of_the_specification()
    {
        // Computed with Python's hmac over the parts "{}" four times.
        byte[][] parts = ["{}"u8.ToArray(), "{}"u8.ToArray(), "{}"u8.ToArray(), "{}"u8.ToArray()];
        Assert.Equal("e2c27855d41353957c8555d30463a97e6a6ea497e6ebb3f7824503c3b64f2c0b", Encoding.ASCII.GetString(_signer.Sign(parts)));
        Assert.Empty(new MessageSigner("").Sign(parts));
    }

    [Fact]
    public void Every_forged_frame_is_refused()
    {
        var frames = _wire.Write(_message);
        for (var frame = 2; frame < frames.Count; frame++)
        {
            var forged = frames.Select(bytes => (byte[])bytes.Clone()).ToArray();
            forged[frame][0] ^= 1;
            Assert.Null(_wire.Read(forged));
        }

        Assert.Null(new WireFormat(new MessageSigner("another key")).Read(frames));
    }

    [Fact]
    public void A_message_counts_once()
    {
        var frames = _wire.Write(_message);
        Assert.NotNull(_wire.Read(frames));
        Assert.Null(_wire.Read(frames));
        Assert.NotNull(_wire.Read(_wire.Write(_message with { Header = new JsonObject { ["msg_type"] = "execute_request", ["msg_id"] = "2" } })));
    }

    [Fact]
    public void The_memory_of_messages_is_bounded()
    {
        var guard = new ReplayGuard();
        for (var i = 0; i <= ReplayGuard.Most; i++)
            Assert.True(guard.IsNew(BitConverter.GetBytes(i)));
        Assert.False(guard.IsNew(BitConverter.GetBytes(ReplayGuard.Most)));
        Assert.True(guard.IsNew(BitConverter.GetBytes(0)));
    }

    [Fact]
    public void Without_a_key_nothing_is_signed()
    {
        var open = new WireFormat(new MessageSigner(""));
        Assert.NotNull(open.Read(open.Write(_message)));
    }

    [Fact]
    public void Frames_that_are_no_message_are_refused()
    {
        var frames = _wire.Write(_message);
        Assert.Null(_wire.Read([]));
        Assert.Null(_wire.Read([[]]));
        for (var count = 0; count < frames.Count; count++)
            Assert.Null(_wire.Read([.. frames.Take(count)]));
        Assert.Null(_wire.Read([.. frames.Where((_, frame) => frame != 1)]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"msg_type\":\"a\",\"a\":\"\\ud800\"}")]
    [InlineData("{\"msg_type\":\"a\",\"a\":1,\"a\":2}")]
    public void Signed_parts_that_are_no_object_are_refused(string part)
    {
        for (var wrong = 0; wrong < 4; wrong += wrong == 1 ? 2 : 1)
        {
            byte[][] parts = [.. Enumerable.Range(0, 4).Select(i => Encoding.UTF8.GetBytes(i == wrong ? part : "{\"msg_type\":\"a\"}"))];
            Assert.Null(_wire.Read(["<IDS|MSG>"u8.ToArray(), _signer.Sign(parts), .. parts]));
        }
    }

    [Fact]
    public void A_large_message_and_a_deep_one_do_no_harm()
    {
        var large = _message with { Content = new JsonObject { ["code"] = new string('x', 20_000_000) } };
        Assert.Equal(20_000_000, _wire.Read(_wire.Write(large))!.Content["code"]!.ToString().Length);
        var deep = Encoding.UTF8.GetBytes($"{{\"a\":{new string('[', 100_000)}{new string(']', 100_000)}}}");
        byte[][] parts = ["{}"u8.ToArray(), "{}"u8.ToArray(), "{}"u8.ToArray(), deep];
        Assert.Null(_wire.Read(["<IDS|MSG>"u8.ToArray(), _signer.Sign(parts), .. parts]));
    }
}
