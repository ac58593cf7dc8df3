using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Attn.Host.Jupyter;
using Attn.Host.Tests.Session;
using NetMQ;
using NetMQ.Sockets;

namespace Attn.Host.Tests.Jupyter;

/// <summary>Whoever reaches the kernel's ports can send what he likes; whoever has the key can do so with the right signature.</summary>
[Collection(SessionCollection.Name)]
public sealed class HostileTests
{
    private const int Messages = 100_000, Seed = 20261128, BetweenGoodOnes = 2_500;

    // MiB between the second quarter and the last: a kilobyte a message.
    private const double GrowthAllowed = 50;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_hundred_thousand_hostile_messages_change_nothing()
    {
        using var kernel = new KernelProcess();
        kernel.Run("var good = 0;", "good");
        var hostile = new HostileMessages(kernel, Seed);
        Channel[] channels = [Channel.Shell, Channel.Control, Channel.Stdin];
        var sockets = channels.Select(channel => kernel.Connect(channel)).ToArray();
        try
        {
            var (clock, good) = (Stopwatch.StartNew(), 0);
            List<double> megabytes = [];
            for (var sent = 0; sent < Messages; sent++)
            {
                Assert.True(clock.Elapsed < Limit, $"{sent} messages in {clock.Elapsed}");
                Send(sockets[sent % sockets.Length], hostile.Next());
                if (sent % BetweenGoodOnes != 0)
                    continue;
                Assert.Equal((++good).ToString(CultureInfo.InvariantCulture), kernel.Run("good++;", "good"));
                Assert.Equal("attn", kernel.Ask(Channel.Control, "kernel_info_request", [])["implementation"]!.ToString());
                megabytes.Add(kernel.Megabytes);
            }

            Assert.Equal(good.ToString(CultureInfo.InvariantCulture), kernel.Run("", "good"));
            Assert.InRange(Least(4), 0, Least(2) + GrowthAllowed);

            // What a quarter of the run held at least: a single reading tells when the collector came by last.
            double Least(int quarter) => megabytes.Chunk(megabytes.Count / 4).ElementAt(quarter - 1).Min();
        }
        finally
        {
            foreach (var socket in sockets)
                socket.Dispose();
        }
    }

    [Theory]
    [InlineData((64L << 20) + 1)]
    [InlineData(1L << 40)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    public void A_frame_too_large_ends_its_connection_and_takes_no_memory(long length)
    {
        using var kernel = new KernelProcess();
        kernel.Run("var kept = 42;", "kept");
        var before = kernel.Megabytes;
        using var client = new TcpClient("127.0.0.1", kernel.Port(Channel.Shell)) { SendTimeout = 10_000, ReceiveTimeout = 10_000 };
        var stream = client.GetStream();
        Greet(stream);
        var frame = new byte[9];
        frame[0] = 2; // A frame with a length of eight bytes.
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(1), length);
        stream.Write(frame);
        Assert.True(IsClosed(stream), "the connection is still open");
        Assert.InRange(kernel.Megabytes, 0, before + 32);
        Assert.Equal("42", kernel.Run("", "kept"));
    }

    // A front end that does not read is not waited for.
    private static void Send(DealerSocket socket, IReadOnlyList<byte[]> frames)
    {
        socket.SendMultipartBytes(frames);
        List<byte[]> answer = [];
        while (socket.TryReceiveMultipartBytes(ref answer))
        {
        }
    }

    /// <summary>ZeroMQ's greeting (ZMTP 3.0, no security), and the kernel's answer to it.</summary>
    private static void Greet(NetworkStream stream)
    {
        var greeting = new byte[64];
        (greeting[0], greeting[9], greeting[10]) = (0xff, 0x7f, 3);
        "NULL"u8.CopyTo(greeting.AsSpan(12));
        stream.Write(greeting);
        stream.ReadExactly(new byte[64]);
        byte[] ready = [5, .. "READY"u8, 11, .. "Socket-Type"u8, 0, 0, 0, 6, .. "DEALER"u8];
        stream.Write([4, (byte)ready.Length, .. ready]);
        var head = new byte[2];
        stream.ReadExactly(head);
        stream.ReadExactly(new byte[head[1]]);
    }

    private static bool IsClosed(NetworkStream stream)
    {
        try
        {
            return stream.Read(new byte[1]) == 0;
        }
        catch (IOException e) when (e.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return true;
        }
    }
}
