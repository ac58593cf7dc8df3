using System.Diagnostics;

namespace Attn.Tests;

/// <summary>A real browser without a window and without a network.</summary>
internal static class Chromium
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    public static string? Location { get; } = Places.FirstOrDefault(File.Exists);

    /// <summary>The page's document after its scripts have run, and what was written to the browser's console.</summary>
    public static (string Dom, string Console) Open(string page) => Run("--enable-logging=stderr", "--v=0", "--dump-dom", new Uri(page).AbsoluteUri);

    /// <summary>A picture of the page as a window of that size shows it.</summary>
    public static void Photograph(string page, string png, int width, int height) =>
        Run($"--screenshot={png}", $"--window-size={width},{height}", "--hide-scrollbars", new Uri(page).AbsoluteUri);

    private static (string Out, string Error) Run(params string[] arguments)
    {
        using var profile = new TemporaryFolder();
        using var process = Process.Start(new ProcessStartInfo(Location!,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=15000",
            $"--user-data-dir={profile.Location}", .. arguments,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(TimeSpan.FromMinutes(2)))
            process.Kill(entireProcessTree: true);
        return (output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}
