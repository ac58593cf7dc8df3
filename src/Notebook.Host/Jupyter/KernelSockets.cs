using NetMQ;
using NetMQ.Sockets;

namespace Attn.Host.Jupyter;

/// <summary>
/// The kernel's sockets, all on one thread: ZeroMQ sockets belong to one. Messages to send come from any thread through a queue, which
/// also keeps their order.
/// </summary>
internal sealed class KernelSockets : IDisposable
{
    /// <summary>Bytes; who sends more is disconnected before they fill the memory.</summary>
    private const int LargestFrame = 64 << 20;

    private const int MostAtOnce = 1000;

    private readonly WireFormat _wire;
    private readonly Action<Channel, JupyterMessage> _received;
    private readonly RouterSocket _shell = new(), _control = new(), _stdin = new();
    private readonly XPublisherSocket _ioPub = new();
    private readonly ResponseSocket _heartbeat = new();
    private readonly NetMQQueue<(Channel Channel, JupyterMessage Message)> _outgoing = new();
    private readonly NetMQPoller _poller;
    private bool _stopped;

    /// <param name="connection">Where to listen.</param>
    /// <param name="received">Called on the sockets' thread for each message that is whole and rightly signed.</param>
    public KernelSockets(ConnectionInfo connection, Action<Channel, JupyterMessage> received)
    {
        (_wire, _received) = (new WireFormat(new MessageSigner(connection.Key)), received);
        _shell.Options.Linger = _control.Options.Linger = _ioPub.Options.Linger = TimeSpan.FromSeconds(1);
        foreach (var socket in (NetMQSocket[])[_shell, _control, _stdin, _ioPub, _heartbeat])
            socket.Options.MaxMsgSize = LargestFrame;
        // Outputs must not be dropped because a front end reads slowly.
        _ioPub.Options.SendHighWatermark = 0;
        _shell.Bind(connection.Address(connection.ShellPort));
        _control.Bind(connection.Address(connection.ControlPort));
        _stdin.Bind(connection.Address(connection.StdinPort));
        _ioPub.Bind(connection.Address(connection.IoPubPort));
        _heartbeat.Bind(connection.Address(connection.HeartbeatPort));

        _shell.ReceiveReady += (_, ready) => Receive(Channel.Shell, ready.Socket);
        _control.ReceiveReady += (_, ready) =>
        {
            // An interrupt is for the cells that came before it.
            ReceiveAll(Channel.Shell, _shell);
            Receive(Channel.Control, ready.Socket);
        };
        _stdin.ReceiveReady += (_, ready) => Receive(Channel.Stdin, ready.Socket);
        _ioPub.ReceiveReady += (_, ready) => Subscribed(ready.Socket.ReceiveFrameBytes());
        _heartbeat.ReceiveReady += (_, ready) => ready.Socket.SendMultipartMessage(ready.Socket.ReceiveMultipartMessage());
        _outgoing.ReceiveReady += (_, ready) => Flush();
        _poller = [_shell, _control, _stdin, _ioPub, _heartbeat, _outgoing];
    }

    /// <summary>Sends and receives until <see cref="Stop"/>.</summary>
    public void Run()
    {
        _poller.Run();
        Flush();
    }

    /// <summary>Sends what is queued, then ends <see cref="Run"/>.</summary>
    public void Stop()
    {
        // A front end may ask on both channels, and its end may come besides.
        if (!Interlocked.Exchange(ref _stopped, true))
            _poller.StopAsync();
    }

    /// <summary>Queues a message; safe from any thread.</summary>
    public void Send(Channel channel, JupyterMessage message) => _outgoing.Enqueue((channel, message));

    public void Dispose()
    {
        _poller.Dispose();
        foreach (var socket in (IDisposable[])[_shell, _control, _stdin, _ioPub, _heartbeat, _outgoing])
            socket.Dispose();
    }

    private void Receive(Channel channel, NetMQSocket socket) => Received(channel, socket.ReceiveMultipartMessage());

    private void ReceiveAll(Channel channel, NetMQSocket socket)
    {
        NetMQMessage? frames = null;
        for (var most = MostAtOnce; most > 0 && socket.TryReceiveMultipartMessage(ref frames); most--)
            Received(channel, frames!);
    }

    private void Received(Channel channel, NetMQMessage frames)
    {
        if (_wire.Read([.. frames.Select(frame => frame.ToByteArray())]) is { } message)
            _received(channel, message);
    }

    private void Flush()
    {
        while (_outgoing.TryDequeue(out var next, TimeSpan.Zero))
        {
            NetMQSocket socket = next.Channel switch { Channel.Shell => _shell, Channel.Control => _control, Channel.Stdin => _stdin, _ => _ioPub };
            socket.SendMultipartMessage(new NetMQMessage(_wire.Write(next.Message)));
        }
    }

    // A subscriber that has come late would else not know from when on it sees everything (JEP 65).
    private void Subscribed(byte[] subscription)
    {
        if (subscription is [1, ..])
            Send(Channel.IoPub, JupyterMessage.Orphan("iopub_welcome", new() { ["subscription"] = System.Text.Encoding.UTF8.GetString(subscription[1..]) }));
    }
}
