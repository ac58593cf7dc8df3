using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Attn.Host.Jupyter;
using Attn.Tests;

namespace Attn.Host.Tests.Jupyter;

public sealed class HistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Location => _folder["state/attn/history.jsonl"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_outlives_the_kernel_and_counts_its_sessions()
    {
        var first = New();
        first.Add(1, "one", "1");
        first.Add(2, "two\nlines", null);
        var second = New();
        second.Add(1, "three", "3");
        Assert.Equal("""[[1,1,"one"],[1,2,"two\nlines"],[2,1,"three"]]""", Ask(second, "tail", ("n", 10)));
        Assert.Equal("""[[1,2,["two\nlines",null]],[2,1,["three","3"]]]""", Ask(second, "tail", ("n", 2), ("output", true)));
        Assert.Equal("""[[2,1,"three"]]""", Ask(second, "range"));
        Assert.Equal("""[[1,2,"two\nlines"]]""", Ask(second, "range", ("session", -1), ("start", 2)));
        Assert.Equal("""[[1,1,"one"]]""", Ask(second, "range", ("session", 1), ("start", 1), ("stop", 2)));
    }

    [Fact]
    public void It_is_searched_by_pattern()
    {
        var history = New();
        foreach (var (line, cell) in (IEnumerable<(int, string)>)[(1, "a1"), (2, "b"), (3, "a2"), (4, "a1"), (5, "[a]")])
            history.Add(line, cell, null);
        Assert.Equal("""[[1,1,"a1"],[1,3,"a2"],[1,4,"a1"]]""", Ask(history, "search", ("pattern", "a*")));
        Assert.Equal("""[[1,3,"a2"],[1,4,"a1"]]""", Ask(history, "search", ("pattern", "a?"), ("unique", true)));
        Assert.Equal("""[[1,4,"a1"]]""", Ask(history, "search", ("pattern", "a?"), ("n", 1)));
        Assert.Equal("[]", Ask(history, "search", ("pattern", "nowhere")));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Nobody_else_can_read_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "not run: Windows keeps a user's folder by other means");
        New().Add(1, "secret", null);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Location));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Location)!));
    }

    [Fact]
    public void It_does_not_grow_without_end()
    {
        New().Add(1, new string('x', 1_000_000), new string('y', 1_000_000));
        Assert.InRange(new FileInfo(Location).Length, 1, 200_000);
        File.AppendAllLines(Location, Enumerable.Range(0, 2 * HistoryFile.Most).Select(i => $$"""{"Session":1,"Line":{{i}},"Source":"s"}"""));
        Ask(New(), "tail");
        Assert.Equal(HistoryFile.Most, File.ReadLines(Location).Count());
        Assert.Contains($"\"Line\":{(2 * HistoryFile.Most) - 1}", File.ReadLines(Location).Last());
    }

    [Fact]
    public void What_is_no_entry_is_passed_over()
    {
        New().Add(1, "good", null);
        File.AppendAllLines(Location, ["{", "null", "{}", "[1]"]);
        Assert.Equal("""[[1,1,"good"]]""", Ask(New(), "tail"));
    }

    [Fact]
    public void A_place_that_cannot_be_written_loses_no_cell()
    {
        File.WriteAllText(_folder["state"], "a file where a folder should be");
        var history = New();
        history.Add(1, "kept while the kernel lives", null);
        Assert.Equal("""[[1,1,"kept while the kernel lives"]]""", Ask(history, "tail"));
    }

    [Fact]
    public async Task Kernels_write_it_side_by_side()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(kernel => Task.Run(() =>
        {
            var history = New();
            for (var line = 0; line < 50; line++)
                history.Add(line, $"kernel {kernel}", null);
        })));
        Assert.Equal(200, new HistoryFile(Location).Read().Count);
    }

    private History New() => new(new HistoryFile(Location));

    private static string Ask(History history, string kind, params (string Name, JsonNode Value)[] fields)
    {
        var request = new JsonObject { ["hist_access_type"] = kind };
        foreach (var (name, value) in fields)
            request[name] = value;
        return history.Reply(request)["history"]!.ToJsonString();
    }
}
