using System.CommandLine;
using Attn.Notebook.Commands;

namespace Attn.Notebook;

/// <summary>The <c>#!attn</c> command: one tree, which cells, terminals, help and completion share.</summary>
public static class AttnCommand
{
    private const int Failure = 1, Usage = 2;

    private static readonly IVerb[] Verbs = [new ListVerb(), new ShowVerb(), new RunVerb(), new MapVerb(), new StateVerb(), new CompareVerb(), new CheckVerb(), new BenchVerb(), new VerifyVerb(), new DeviceVerb()];

    /// <summary>The verbs as commands, for a program that has verbs of its own beside them.</summary>
    /// <param name="host">The notebook's host; null on a terminal.</param>
    /// <param name="output">Where plain text goes.</param>
    public static IEnumerable<Command> CreateVerbs(INotebookHost? host, TextWriter output)
    {
        var context = new CommandContext(host, output);
        foreach (var verb in Verbs)
        {
            var command = verb.Create(context);
            command.Description += $"\nExample: {(host is null ? "attn" : "#!attn")} {verb.Example}";
            yield return command;
        }
    }

    /// <summary>Runs a line of a cell, with or without <c>#!attn</c> at its head.</summary>
    /// <returns>0; 1 when the verb failed; 2 when it was called wrongly.</returns>
    public static Task<int> InvokeAsync(string line, INotebookHost host, TextWriter output, TextWriter error) => Guarded(error, () =>
    {
        var words = CommandLineText.Split(line);
        return InvokeAsync(CreateTree(host, output), [.. words.SkipWhile(word => word == "#!attn")], output, error);
    });

    /// <summary>Runs a command line on a tree that holds the verbs: errors of use are one line that starts with <c>attn:</c>.</summary>
    public static Task<int> InvokeAsync(RootCommand tree, IReadOnlyList<string> words, TextWriter output, TextWriter error) => Guarded(error, async () =>
    {
        // 'help verb' is what people type; '--help' is what the parser knows.
        IReadOnlyList<string> line = words.Count == 0 ? ["--help"] : words[0] == "help" ? [.. words.Skip(1), "--help"] : words;
        var parse = tree.Parse(line);
        if (parse.Errors.Count > 0)
        {
            var unknown = parse.UnmatchedTokens.FirstOrDefault();
            var verbs = tree.Subcommands.Select(command => command.Name);
            error.WriteLine(unknown is not null && parse.CommandResult.Command == tree
                ? $"attn: no verb '{unknown}'{Suggestion.Of(unknown, verbs)}"
                : $"attn: {parse.Errors[0].Message}");
            return Usage;
        }

        return await parse.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
    });

    /// <summary>What may stand at a place of a line.</summary>
    /// <param name="line">The line, with or without <c>#!attn</c>.</param>
    /// <param name="cursor">The place, from 0.</param>
    /// <param name="host">The notebook's host, for the names of variables.</param>
    public static IReadOnlyList<CommandCompletion> Complete(string line, int cursor, INotebookHost? host)
    {
        ArgumentNullException.ThrowIfNull(line);
        cursor = Math.Clamp(cursor, 0, line.Length);
        var lead = line.StartsWith(Magic, StringComparison.Ordinal) ? Magic.Length : 0;
        if (cursor < lead)
            return [];
        var text = line[lead..cursor];
        var start = lead + (text.LastIndexOfAny([' ', '\t', '=']) + 1);
        // The parser cannot complete '--option=val', and reads '--option val' alike.
        if (start > lead && line[start - 1] == '=')
            text = $"{line[lead..(start - 1)]} {line[start..cursor]}";
        var typed = line[start..cursor];
        return
        [
            .. CreateTree(host, TextWriter.Null).Parse(text).GetCompletions(text.Length)
                .Where(item => item.Label.StartsWith(typed, StringComparison.Ordinal))
                .Select(item => new CommandCompletion(item.Label, item.Detail ?? item.Documentation ?? "", start, cursor)),
        ];
    }

    private const string Magic = "#!attn";

    private static RootCommand CreateTree(INotebookHost? host, TextWriter output)
    {
        var tree = new RootCommand("Try attention mechanisms on your own tensors.");
        foreach (var command in CreateVerbs(host, output))
            tree.Subcommands.Add(command);
        return tree;
    }

    private static async Task<int> Guarded(TextWriter error, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is CommandException or ArgumentException)
        {
            error.WriteLine($"attn: {e.Message}");
            return Usage;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            error.WriteLine($"attn: {e.GetType().Name}: {e.Message}");
            return Failure;
        }
    }
}
