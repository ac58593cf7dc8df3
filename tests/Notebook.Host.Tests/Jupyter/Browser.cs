using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Attn.Tests;

namespace Attn.Host.Tests.Jupyter;

/// <summary>A page in a real browser without a window, led over the browser's debugging protocol; only this machine can be reached.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly TemporaryFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly Process _process;
    private int _last;

    private Browser(TemporaryFolder profile, Process process) => (_profile, _process) = (profile, process);

    public static async Task<Browser> OpenAsync(string address, CancellationToken cancellation)
    {
        var profile = new TemporaryFolder();
        var browser = new Browser(profile, Process.Start(new ProcessStartInfo(Chromium.Location!,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-port=0", "--window-size=1100,1100", $"--user-data-dir={profile.Location}", "about:blank",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!);
        string? line;
        while ((line = await browser._process.StandardError.ReadLineAsync(cancellation)) is not null && !line.StartsWith("DevTools listening on", StringComparison.Ordinal))
        {
        }

        _ = browser._process.StandardError.ReadToEndAsync(cancellation);
        var port = new Uri(line!.Split(' ')[^1]).Port;
        using var http = new HttpClient();
        var pages = await http.GetFromJsonAsync<JsonArray>($"http://127.0.0.1:{port}/json/list", cancellation);
        await browser._socket.ConnectAsync(new Uri(pages!.First(page => page!["type"]!.ToString() == "page")!["webSocketDebuggerUrl"]!.ToString()), cancellation);
        // A page in no window is never in front; JupyterLab takes commands for the notebook that has the focus.
        await browser.SendAsync("Emulation.setFocusEmulationEnabled", new() { ["enabled"] = true }, cancellation);
        await browser.SendAsync("Page.navigate", new() { ["url"] = address }, cancellation);
        return browser;
    }

    /// <summary>The value of a JavaScript expression.</summary>
    public async Task<JsonNode?> EvaluateAsync(string script, CancellationToken cancellation)
    {
        var reply = await SendAsync("Runtime.evaluate", new() { ["expression"] = script, ["returnByValue"] = true, ["awaitPromise"] = true }, cancellation);
        return reply["exceptionDetails"] is { } error ? throw new InvalidOperationException($"{script}: {error.ToJsonString()}") : reply["result"]?["value"];
    }

    /// <summary>Waits until a JavaScript expression is true.</summary>
    public async Task WaitAsync(string script, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); await EvaluateAsync($"!!({script})", cancellation) is not JsonValue value || !value.GetValue<bool>(); await Task.Delay(100, cancellation))
            if (clock.Elapsed > Patience)
                throw new TimeoutException($"never true: {script}\n{await EvaluateAsync("document.body.innerText", cancellation)}");
    }

    /// <summary>Presses a key that writes nothing, where the focus is; its name is its code too, and its number is the one that Windows gives it.</summary>
    public async Task PressAsync(string key, int number, bool shift, CancellationToken cancellation)
    {
        foreach (var type in (string[])["rawKeyDown", "keyUp"])
            await SendAsync("Input.dispatchKeyEvent", new() { ["type"] = type, ["key"] = key, ["code"] = key, ["windowsVirtualKeyCode"] = number, ["modifiers"] = shift ? 8 : 0 }, cancellation);
    }

    public async Task PhotographAsync(string file, CancellationToken cancellation) =>
        await File.WriteAllBytesAsync(file, Convert.FromBase64String((await SendAsync("Page.captureScreenshot", [], cancellation))["data"]!.ToString()), cancellation);

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _profile.Dispose();
    }

    private async Task<JsonNode> SendAsync(string method, JsonObject parameters, CancellationToken cancellation)
    {
        var id = ++_last;
        var command = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await _socket.SendAsync(Encoding.UTF8.GetBytes(command.ToJsonString()), WebSocketMessageType.Text, true, cancellation);
        while (true)
        {
            var message = JsonNode.Parse(await ReceiveAsync(cancellation))!;
            if ((int?)message["id"] == id)
                return message["result"] ?? throw new InvalidOperationException($"{method}: {message["error"]}");
        }
    }

    private async Task<byte[]> ReceiveAsync(CancellationToken cancellation)
    {
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, cancellation);
            message.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return message.ToArray();
    }
}
