using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Attn.Host.Jupyter;
using Attn.Tests;
using NetMQ;
using NetMQ.Sockets;

namespace Attn.Host.Tests.Jupyter;

/// <summary>A kernel in a process of its own, and a front end's sockets to it, down to the frames.</summary>
internal sealed class KernelProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;
    private readonly ConnectionInfo _connection;
    private readonly DealerSocket _shell, _control, _stdin;

    public KernelProcess()
    {
        var ports = FreePorts(5);
        _connection = new()
        {
            ShellPort = ports[0],
            ControlPort = ports[1],
            IoPubPort = ports[2],
            StdinPort = ports[3],
            HeartbeatPort = ports[4],
            Key = Guid.NewGuid().ToString(),
        };
        File.WriteAllText(_folder["connection.json"], System.Text.Json.JsonSerializer.Serialize(_connection));
        _process = Process.Start(new ProcessStartInfo(AttnProgram.Location, ["kernel", _folder["connection.json"]])
        {
            Environment = { ["XDG_STATE_HOME"] = _folder.Location },
        })!;
        Wire = new WireFormat(new MessageSigner(_connection.Key));
        (_shell, _control, _stdin) = (Connect(Channel.Shell, Identity), Connect(Channel.Control, Identity), Connect(Channel.Stdin, Identity));
    }

    // How the front end's own sockets call themselves.
    private byte[] Identity { get; } = Guid.NewGuid().ToByteArray();

    /// <summary>Signs as the front end does.</summary>
    public MessageSigner Signer => new(_connection.Key);

    public WireFormat Wire { get; }

    /// <summary>Waits until the kernel has ended; gives its exit code.</summary>
    public int End()
    {
        Assert.True(_process.WaitForExit(Patience), "the kernel has not ended");
        return _process.ExitCode;
    }

    public bool IsAlive => !_process.HasExited;

    /// <summary>What the kernel holds of the machine's memory, in MiB.</summary>
    public double Megabytes => double.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture) / 1024;

    public int Port(Channel channel) => channel switch
    {
        Channel.Shell => _connection.ShellPort,
        Channel.Control => _connection.ControlPort,
        Channel.Stdin => _connection.StdinPort,
        _ => _connection.IoPubPort,
    };

    /// <summary>Another socket.</summary>
    /// <param name="channel">What it is connected to.</param>
    /// <param name="identity">The front end that it belongs to; null for another one than this.</param>
    public DealerSocket Connect(Channel channel, byte[]? identity = null)
    {
        var socket = new DealerSocket();
        socket.Options.Identity = identity ?? Guid.NewGuid().ToByteArray();
        socket.Options.Linger = TimeSpan.Zero;
        socket.Connect($"tcp://127.0.0.1:{Port(channel)}");
        return socket;
    }

    public static JupyterMessage Request(string type, JsonObject content) =>
        new([], new JsonObject { ["msg_id"] = Guid.NewGuid().ToString(), ["session"] = "tests", ["msg_type"] = type, ["version"] = "5.5" }, [], content);

    /// <summary>Sends a request and waits for the content of its reply.</summary>
    public JsonObject Ask(Channel channel, string type, JsonObject content) => Reply(channel, Send(channel, type, content));

    /// <summary>Sends a request.</summary>
    public JupyterMessage Send(Channel channel, string type, JsonObject content)
    {
        var request = Request(type, content);
        Socket(channel).SendMultipartBytes(Wire.Write(request));
        return request;
    }

    /// <summary>Waits for the content of the reply to a request; replies to others are dropped.</summary>
    public JsonObject Reply(Channel channel, JupyterMessage request)
    {
        var socket = Socket(channel);
        var clock = Stopwatch.StartNew();
        List<byte[]> frames = [];
        while (clock.Elapsed < Patience && IsAlive)
            if (socket.TryReceiveMultipartBytes(TimeSpan.FromMilliseconds(100), ref frames) && Wire.Read(frames) is { } reply
                && reply.Parent["msg_id"]!.ToString() == request.Header["msg_id"]!.ToString())
                return reply.Content;
        throw new TimeoutException(IsAlive ? $"no reply to {request.Type} on {channel}" : $"the kernel is gone ({_process.ExitCode}) and has not replied to {request.Type}");
    }

    /// <summary>Waits for a cell's question.</summary>
    public JupyterMessage Question()
    {
        List<byte[]> frames = [];
        Assert.True(_stdin.TryReceiveMultipartBytes(Patience, ref frames), "no question came");
        return Wire.Read(frames)!;
    }

    /// <summary>Answers a question.</summary>
    /// <param name="value">The answer.</param>
    /// <param name="question">The header of what is answered.</param>
    /// <param name="from">Another front end's socket; null for this one's.</param>
    public void Answer(string value, JsonObject question, DealerSocket? from = null) =>
        (from ?? _stdin).SendMultipartBytes(Wire.Write(Request("input_reply", new() { ["value"] = value }) with { Parent = (JsonObject)question.DeepClone() }));

    private DealerSocket Socket(Channel channel) => channel == Channel.Control ? _control : _shell;

    /// <summary>Runs a cell; gives the value of an expression after it.</summary>
    public string Run(string code, string expression)
    {
        var reply = Ask(Channel.Shell, "execute_request", new() { ["code"] = code, ["user_expressions"] = new JsonObject { ["value"] = expression } });
        Assert.Equal("ok", reply["status"]!.ToString());
        return reply["user_expressions"]!["value"]!["data"]!["text/plain"]!.ToString();
    }

    public void Dispose()
    {
        if (IsAlive)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _shell.Dispose();
        _control.Dispose();
        _stdin.Dispose();
        _folder.Dispose();
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
            listener.Start();
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
            listener.Dispose();
        return ports;
    }
}
