namespace Attn.Notebook.Formatting;

/// <summary>An exception: its type, its message, its causes, and the frames of the user's own code.</summary>
internal static class ExceptionView
{
    private const int MostCauses = 5;
    private const int MostCharacters = 5000;

    public static MimeBundle Render(Exception exception)
    {
        var causes = Causes(exception).Take(MostCauses).ToList();
        var html = causes.Select((cause, i) =>
            $"<div>{(i > 0 ? "because of " : "")}<strong style=\"color:#c02020\">{Markup.Escape(cause.GetType().Name)}</strong>: "
            + $"<span style=\"white-space:pre-wrap\">{Markup.Escape(Message(cause))}</span></div>{Frames(cause)}");
        var text = causes.Select((cause, i) =>
            string.Join('\n', UserFrames.Of(cause).Select(frame => $"   at {frame}").Prepend($"{(i > 0 ? "because of " : "")}{cause.GetType().Name}: {Message(cause)}")));
        return MimeBundle.Html(
            $"<div class=\"attn-error\" style=\"border-left:3px solid #c02020;padding:4px 12px;margin:4px 0\">{string.Concat(html)}</div>", string.Join('\n', text));
    }

    private static string Frames(Exception cause)
    {
        var frames = UserFrames.Of(cause);
        return frames.Count == 0 ? "" : $"<ul style=\"margin:2px 0;font-family:monospace\">{string.Concat(frames.Select(frame => $"<li>{Markup.Escape(frame)}</li>"))}</ul>";
    }

    private static IEnumerable<Exception> Causes(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            if (exception is AggregateException { InnerExceptions.Count: > 0 } many)
            {
                foreach (var cause in many.InnerExceptions.SelectMany(Causes))
                    yield return cause;
                yield break;
            }
            else if (exception is not System.Reflection.TargetInvocationException { InnerException: not null })
            {
                yield return exception;
            }
    }

    /// <summary>A message may be computed, and its computation may fail.</summary>
    private static string Message(Exception exception)
    {
        try
        {
            return PlainText.Cut(ExceptionText.Message(exception), MostCharacters);
        }
        catch (Exception e) when (!MimeBundles.IsInterrupt(e))
        {
            return $"(its message cannot be read: {e.GetType().Name})";
        }
    }
}
