namespace Attn.Notebook;

/// <summary>What exceptions say to people.</summary>
public static class ExceptionText
{
    private const string NativeTrace = "\nException raised from ";

    /// <summary>The message, without the trace of native frames that libtorch appends to its own.</summary>
    public static string Message(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var message = exception.Message ?? "";
        var trace = message.IndexOf(NativeTrace, StringComparison.Ordinal);
        return trace < 0 ? message : message[..trace];
    }
}
