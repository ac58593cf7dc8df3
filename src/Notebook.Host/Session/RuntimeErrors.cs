using System.Diagnostics;
using System.Reflection;
using Attn.Kernels.Torch;
using Attn.Notebook;

namespace Attn.Host.Session;

/// <summary>What a cell threw, as a person wants to read it: the message, the cell's line, the user's own frames.</summary>
internal static class RuntimeErrors
{
    private const int Frames = 10;

    /// <param name="thrown">What came out of the cell.</param>
    /// <param name="file">The name under which the failing cell was compiled.</param>
    /// <param name="code">The failing cell.</param>
    public static CellError Of(Exception thrown, string file, string code)
    {
        var e = Unwrap(thrown);
        if (IsLibTorchFailure(e) && LibTorch.Status?.Failure is { } failure)
            return new CellError("LibTorchNotFound", failure, null, []);

        var frames = new StackTrace(e, fNeedFileInfo: true).GetFrames().Where(frame => frame.GetFileName() is { } name && CellNames.IsCell(name)).ToArray();
        var line = frames.FirstOrDefault(frame => frame.GetFileName() == file)?.GetFileLineNumber();
        List<string> traceback = [];
        if (line is { } number && code.Split('\n') is var lines && number <= lines.Length)
            traceback.AddRange([$"line {number}:", $"    {lines[number - 1].Trim()}"]);
        for (var inner = e.InnerException; inner is not null; inner = inner.InnerException)
            traceback.Add($"caused by {inner.GetType().Name}: {ExceptionText.Message(inner)}");
        traceback.AddRange(frames.Take(Frames).Select(frame => $"   at {Name(frame.GetMethod())} in {frame.GetFileName()}, line {frame.GetFileLineNumber()}"));
        return new CellError(e.GetType().Name, ExceptionText.Message(e), line, traceback);
    }

    private static Exception Unwrap(Exception e) => e switch
    {
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        _ => e,
    };

    private static bool IsLibTorchFailure(Exception e)
    {
        for (var inner = e; inner is not null; inner = inner.InnerException!)
            if (inner is DllNotFoundException)
                return true;
        return e is TypeInitializationException { TypeName: "TorchSharp.torch" };
    }

    private static string Name(MethodBase? method) => method switch
    {
        null => "?",
        // What the compiler calls the cell itself, and the state machine of an awaiting one.
        { Name: "<Initialize>" or "MoveNext" or "<Factory>" } => "cell",
        _ => method.Name.StartsWith('<') && method.Name.IndexOf("g__", StringComparison.Ordinal) is > 0 and var at
            ? method.Name[(at + 3)..].Split('|')[0]
            : method.Name,
    };
}
