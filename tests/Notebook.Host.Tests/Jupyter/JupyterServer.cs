using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Attn.Host.Tests.Jupyter;

/// <summary>A server of notebooks on a free port of this machine.</summary>
internal sealed class JupyterServer : IDisposable
{
    private readonly Process _process;

    /// <summary>Starts Debian's Python and waits until the server listens.</summary>
    /// <param name="jupyter">Where the kernel and the notebooks are.</param>
    /// <param name="page">What follows the port in the line by which the server says where it is.</param>
    /// <param name="arguments">What Python runs.</param>
    public JupyterServer(DebianJupyter jupyter, string page, params string[] arguments)
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        _process = Process.Start(jupyter.Start(
            DebianJupyter.Python, [.. arguments, "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={Port}", "--port-retries=0"]))!;
        _ = _process.StandardOutput.ReadToEndAsync();
        string? line;
        while ((line = _process.StandardError.ReadLine()) is not null && !line.Contains($":{Port}{page}", StringComparison.Ordinal))
        {
        }

        _ = _process.StandardError.ReadToEndAsync();
    }

    public int Port { get; }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
