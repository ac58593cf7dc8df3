using Attn.Host.Jupyter;
using Attn.Tests;

namespace Attn.Host.Tests.Jupyter;

public sealed class ConnectionInfoTests : IDisposable
{
    private const string Ports = "\"shell_port\":1,\"control_port\":2,\"iopub_port\":3,\"stdin_port\":4,\"hb_port\":5";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_read_with_loopback_as_the_default()
    {
        var info = Read($$"""{{{Ports}},"key":"k","kernel_name":"x"}""");
        Assert.Equal("tcp://127.0.0.1:3", info.Address(info.IoPubPort));
        Assert.Equal((1, 2, 4, 5, "k"), (info.ShellPort, info.ControlPort, info.StdinPort, info.HeartbeatPort, info.Key));
        Assert.Equal("tcp://10.0.0.1:1", Read($$"""{{{Ports}},"ip":"10.0.0.1"}""").Address(1));
    }

    [Fact]
    public void A_server_names_the_kernel_by_the_file()
    {
        File.WriteAllText(_folder["kernel-1-2.json"], $"{{{Ports}}}");
        Assert.Equal("1-2", ConnectionInfo.Read(_folder["kernel-1-2.json"]).KernelId);
        Assert.Null(Read($"{{{Ports}}}").KernelId);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{" + Ports + ",\"transport\":\"ipc\"}")]
    [InlineData("{" + Ports + ",\"key\":\"k\",\"signature_scheme\":\"hmac-md5\"}")]
    public void What_cannot_be_served_is_said_in_one_message(string text) =>
        Assert.Contains(_folder["c.json"], Assert.Throws<InvalidDataException>(() => Read(text)).Message);

    [Fact]
    public void Neither_can_a_file_that_is_not_there()
    {
        Assert.Throws<InvalidDataException>(() => ConnectionInfo.Read(_folder["nothing.json"]));
        var (code, _, error) = AttnProgram.Run("kernel", _folder["nothing.json"]);
        Assert.Equal(2, code);
        Assert.StartsWith("attn: connection file", error);
    }

    private ConnectionInfo Read(string text)
    {
        File.WriteAllText(_folder["c.json"], text);
        return ConnectionInfo.Read(_folder["c.json"]);
    }
}
