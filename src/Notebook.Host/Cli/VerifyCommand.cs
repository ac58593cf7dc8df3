using System.CommandLine;
using Attn.Host.Notebooks;
using Attn.Host.Verify;

namespace Attn.Host.Cli;

/// <summary><c>attn verify [NN…]</c></summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var papers = new Argument<string[]>("papers") { Description = "Numbers or names of notebooks, such as 59 or 73-flash-attention; all when none is given." };
        var source = new Option<DirectoryInfo>("--notebooks") { Description = "The folder of the notebooks.", DefaultValueFactory = _ => new DirectoryInfo("notebooks") };
        var json = new Option<FileInfo?>("--json") { Description = "A file for the result as JSON; verify.json beside the pages when not given." };
        var shared = new RunArguments();
        var command = new Command("verify", "Run notebooks and print one table of their claims; fails when a claim that was run does not hold.") { papers, source, json };
        shared.AddTo(command);
        command.SetAction((parse, _) => Guarded.RunAsync(async cancellation =>
        {
            var folder = shared.Folder(parse);
            var run = new NotebookRun(shared.Options(parse) with { KeepGoing = true }, folder);
            var reports = await run.RunAsync(NotebookFolder.Select(parse.GetValue(source)!, parse.GetValue(papers) ?? []), cancellation);
            var file = parse.GetValue(json)?.FullName ?? Path.Combine(folder.FullName, "verify.json");
            AtomicFile.Write(file, VerifyJson.Of(reports));
            run.Say("");
            VerifyTable.Print(reports, run.Say);
            run.Say($"  → {Path.GetRelativePath(Environment.CurrentDirectory, file)}");
            return reports.All(report => report.Succeeded) ? 0 : 1;
        }));
        return command;
    }
}
