using Attn.Notebook;
using Microsoft.CodeAnalysis;

namespace Attn.Host.Session.Language;

/// <summary>Answers what an author asks while writing a cell: what may stand here, and what this is.</summary>
/// <param name="session">The last cell that the session keeps; null before the first.</param>
/// <param name="references">What a cell may refer to now.</param>
/// <param name="host">The session as its <c>#!attn</c> lines see it.</param>
internal sealed class LanguageServices(Func<CompiledCell?> session, Func<IReadOnlyList<MetadataReference>> references, INotebookHost host)
{
    private readonly CellWorkspace _workspace = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>What may stand at a place of a cell.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="cursor">The place, in characters.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<IReadOnlyList<Completion>> CompleteAsync(string code, int cursor, CancellationToken cancellation)
    {
        var start = cursor == 0 ? 0 : code.LastIndexOf('\n', cursor - 1) + 1;
        var end = code.IndexOf('\n', cursor);
        var line = code[start..(end < 0 ? code.Length : end)];
        if (line.TrimStart().StartsWith('#') && line[..(cursor - start)].Contains('#'))
            return [.. DirectiveCompletion.At(line, cursor - start, host).Select(found => found with { Start = found.Start + start, End = found.End + start })];
        return await WithDocument(code, cancellation, document => CodeCompletion.At(document, cursor, cancellation));
    }

    /// <summary>What the symbol at a place of a cell is; null when there is none.</summary>
    /// <param name="code">The cell.</param>
    /// <param name="cursor">The place, in characters.</param>
    /// <param name="detailed">Whether overloads, members and source are wanted too.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<string?> InspectAsync(string code, int cursor, bool detailed, CancellationToken cancellation)
    {
        if (await WithDocument(code, cancellation, document => CodeInspection.At(document, cursor, detailed, cancellation)) is not var (name, text))
            return null;
        return host.TryGetVariable(name, out var value) && value is not null ? $"{text}\n\nValue: {Shown(value)}" : text;
    }

    /// <summary>Asks a first question in the background, so that the user's first need not wait for the services to load.</summary>
    public Task WarmUp() => Task.Run(() => CompleteAsync("Math.", "Math.".Length, CancellationToken.None));

    private async Task<T> WithDocument<T>(string code, CancellationToken cancellation, Func<Document, Task<T>> ask)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await ask(await _workspace.OpenAsync(code, session(), references(), cancellation));
        }
        finally
        {
            _turn.Release();
        }
    }

    private static string Shown(object value)
    {
        const int Lines = 12;
        var lines = MimeBundles.Of(value).Data.GetValueOrDefault("text/plain")?.ToString()?.Split('\n') ?? [];
        return string.Join('\n', lines.Take(Lines)) + (lines.Length > Lines ? "\n…" : "");
    }
}
