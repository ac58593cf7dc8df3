using Attn.Host.Session;

namespace Attn.Host.Tests.Session;

/// <summary>One session for one test.</summary>
[Collection(SessionCollection.Name)]
public abstract class SessionTests : IAsyncLifetime
{
    private protected CSharpSession Session { get; } = new(new OutputRest());

    private protected RecordedOutput Output { get; private set; } = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        DisposeFiles();
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes what the test left on disk.</summary>
    protected virtual void DisposeFiles()
    {
    }

    /// <summary>Runs a cell into a fresh <see cref="Output"/>.</summary>
    private protected Task<CellResult> TryAsync(string code, CancellationToken cancellation = default) =>
        Session.RunAsync(code, Output = new RecordedOutput(), cancellation);

    /// <summary>Runs a cell that must succeed; gives its result's plain text.</summary>
    private protected async Task<string?> RunAsync(string code)
    {
        var result = await TryAsync(code, TestContext.Current.CancellationToken);
        Assert.True(result.Succeeded, $"{result.Error?.Name}: {result.Error?.Message}\n{string.Join('\n', result.Error?.Traceback ?? [])}");
        return Output.Result;
    }

    private protected async Task<CellError> FailAsync(string code)
    {
        var result = await TryAsync(code, TestContext.Current.CancellationToken);
        Assert.NotNull(result.Error);
        return result.Error;
    }
}
