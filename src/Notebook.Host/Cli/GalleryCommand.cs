using System.CommandLine;
using Attn.Host.Gallery;
using Attn.Host.Notebooks;
using Attn.Host.Verify;

namespace Attn.Host.Cli;

/// <summary><c>attn gallery [NN…]</c></summary>
internal static class GalleryCommand
{
    public static Command Create()
    {
        var papers = new Argument<string[]>("papers") { Description = "Numbers or names of notebooks, such as 59 or 73-flash-attention; all when none is given." };
        var source = new Option<DirectoryInfo>("--notebooks") { Description = "The folder of the notebooks.", DefaultValueFactory = _ => new DirectoryInfo("notebooks") };
        var executed = new Option<DirectoryInfo?>("--executed") { Description = "A folder in which notebooks were run, at any depth: their pages are taken, nothing is run." };
        var shared = new RunArguments(Path.Combine("out", "gallery"));
        var command = new Command("gallery", "Run notebooks and leave a site of their pages, with an index of papers and claims.") { papers, source, executed };
        shared.AddTo(command);
        command.SetAction((parse, _) => Guarded.RunAsync(async cancellation =>
        {
            var folder = shared.Folder(parse);
            var run = new NotebookRun(shared.Options(parse) with { KeepGoing = true }, folder);
            var notebooks = parse.GetValue(executed) is { } done
                ? Take(done, parse.GetValue(papers) ?? [], folder)
                : (await run.RunAsync(NotebookFolder.Select(parse.GetValue(source)!, parse.GetValue(papers) ?? []), cancellation)).Select(report => report.Notebook);
            GalleryEntry[] entries = [.. notebooks.Select(notebook => new GalleryEntry(notebook))];
            var index = Path.Combine(folder.FullName, "index.html");
            AtomicFile.Write(index, GalleryPage.Render(entries, DateTimeOffset.Now));
            run.Say($"  → {Path.GetRelativePath(Environment.CurrentDirectory, index)}: {entries.Length} notebooks");
            return entries.All(entry => entry.Failures == 0) ? 0 : 1;
        }));
        return command;
    }

    /// <summary>Copies the pages of notebooks that were run.</summary>
    private static IReadOnlyList<NotebookDocument> Take(DirectoryInfo from, IReadOnlyList<string> wanted, DirectoryInfo to)
    {
        var notebooks = NotebookFolder.Select(from, wanted, SearchOption.AllDirectories).Where(path => File.Exists(Page(path))).Select(NotebookDocument.Read).ToArray();
        if (notebooks.Length == 0)
            throw new NotebookFormatException($"{from}: no notebook with its page beside it; 'attn run' leaves both.");
        to.Create();
        foreach (var page in notebooks.Select(notebook => Page(notebook.Path)))
            File.Copy(page, Path.Combine(to.FullName, Path.GetFileName(page)), overwrite: true);
        return notebooks;

        static string Page(string path) => Path.ChangeExtension(path, ".html");
    }
}
