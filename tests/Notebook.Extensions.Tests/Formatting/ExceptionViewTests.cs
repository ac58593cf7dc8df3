namespace Attn.Notebook.Tests.Formatting;

public class ExceptionViewTests
{
    private static string Show(Exception e) => (string)MimeBundles.Of(e).Data["text/plain"];

    [Fact]
    public void Only_the_users_frames_are_shown()
    {
        var text = Show(Assert.Throws<ArgumentOutOfRangeException>(() => Users.Code.Fails()));
        var lines = text.Split('\n');
        Assert.StartsWith("ArgumentOutOfRangeException: ", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("   at Code.Fails, line ", StringComparison.Ordinal));
        Assert.DoesNotContain("System.", text);
        Assert.DoesNotContain("xunit", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Async_and_local_methods_keep_the_names_they_were_written_with()
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(Users.Code.FailsLater);
        Assert.Contains("at Code.FailsLater", Show(thrown));
        Assert.DoesNotContain("MoveNext", Show(thrown));
    }

    [Fact]
    public void Causes_follow_and_aggregates_are_taken_apart()
    {
        var text = Show(new AggregateException(new InvalidOperationException("a", new TimeoutException("b")), new ArgumentException("c")));
        Assert.Equal("InvalidOperationException: a\nbecause of TimeoutException: b\nbecause of ArgumentException: c", text);
    }

    [Fact]
    public void A_message_that_throws_is_said_to()
    {
        Assert.Equal("Mute: (its message cannot be read: NotImplementedException)", Show(new Mute()));
    }

    private sealed class Mute : Exception
    {
        public override string Message => throw new NotImplementedException();
    }
}
