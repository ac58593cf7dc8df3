using Attn.Host.Session;
using Attn.Notebook;

await using var session = new CSharpSession();
var sw = System.Diagnostics.Stopwatch.StartNew();
foreach (var cell in Console.In.ReadToEnd().Split("%%"))
{
    using var cts = new CancellationTokenSource(3000);
    var t = sw.ElapsedMilliseconds;
    var r = await session.RunAsync(cell.Trim('\n'), new Out(), cts.Token);
    Console.WriteLine($"[{sw.ElapsedMilliseconds - t} ms] {r.Error?.Name} {r.Error?.Message} line {r.Error?.Line}\n{string.Join('\n', r.Error?.Traceback ?? [])}");
}

internal sealed class Out : ICellOutput
{
    private static readonly TextWriter W = new StreamWriter(Console.OpenStandardError()) { AutoFlush = true };
    public void Display(MimeBundle bundle, string displayId) => W.WriteLine("display " + bundle.Data.GetValueOrDefault("text/plain"));
    public void Result(MimeBundle bundle) => W.WriteLine("result " + bundle.Data.GetValueOrDefault("text/plain"));
    public void Stream(OutputStream stream, string text) => W.Write(text);
    public void Update(string displayId, MimeBundle bundle) => W.WriteLine("update " + bundle.Data.GetValueOrDefault("text/plain"));
}
