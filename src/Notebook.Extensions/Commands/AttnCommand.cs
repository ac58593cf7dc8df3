using System.CommandLine;
using System.CommandLine.Help;
using Attn.Notebook.Commands;
using Attn.Notebook.Commands.Theory;

namespace Attn.Notebook;

/// <summary>The <c>#!attn</c> command: one tree, which cells, terminals, help and completion share.</summary>
public static class AttnCommand
{
    /// <summary>The word at the head of a line.</summary>
    public const string Name = "#!attn";

    private const int Failure = 1, Usage = 2;

    private static readonly IVerb[] Verbs = [new ListVerb(), new ShowVerb(), new RunVerb(), new MapVerb(), new StateVerb(), new CompareVerb(), new CheckVerb(), new BenchVerb(), new TheoryVerb(), new VerifyVerb(), new DeviceVerb()];

    /// <summary>The verbs as commands, for a program that has verbs of its own beside them.</summary>
    /// <param name="host">The notebook's host; null on a terminal.</param>
    /// <param name="output">Where plain text goes.</param>
    public static IEnumerable<Command> CreateVerbs(INotebookHost? host, TextWriter output)
    {
        var context = new CommandContext(host, output);
        return Verbs.Select(verb => VerbTree.Of(verb, context));
    }

    /// <summary>The command and its verbs for a host that wants them declared; their order and words are the tree's.</summary>
    /// <param name="host">The notebook's host, for the names of variables.</param>
    public static DeclaredVerb Declare(INotebookHost host)
    {
        var tree = CreateTree(host, TextWriter.Null);
        var help = new DeclaredVerb("help", "Show what a verb does.", [new("verb", "The verb.", IsFlag: false, IsPositional: true, () => tree.Subcommands.Select(verb => verb.Name))], []);
        return Declared(tree, Name) with { Verbs = [.. tree.Subcommands.Select(verb => Declared(verb, verb.Name)), help] };

        DeclaredVerb Declared(Command command, string name)
        {
            var line = command == tree ? Name : $"{Name} {name}";
            // One positional parameter stands for all: hosts know no more.
            return new(name, command.Description ?? "",
            [
                .. command.Arguments.Take(1).Select(argument => new DeclaredParameter(argument.Name, argument.Description ?? "", IsFlag: false, IsPositional: true, () => Words($"{line} "))),
                .. command.Options.Select(option => new DeclaredParameter(option.Name, option.Description ?? "", IsFlag: option.ValueType == typeof(bool),
                    IsPositional: false, () => Words($"{line} {option.Name} "))),
            ], []);
        }

        IEnumerable<string> Words(string line) => Complete(line, line.Length, host).Select(word => word.Text).Where(word => word[0] is not ('-' or '/'));
    }

    /// <summary>Runs a line of a cell as <see cref="InvokeAsync(string, INotebookHost, TextWriter, TextWriter)"/> does.</summary>
    /// <returns>Null; else what went wrong, in one line.</returns>
    public static async Task<string?> RunAsync(string line, INotebookHost host, TextWriter output)
    {
        using var error = new StringWriter();
        if (await InvokeAsync(line, host, output, error) == 0)
            return null;
        return error.ToString().Trim() is { Length: > 0 } message ? message : "attn: see above.";
    }

    /// <summary>Runs a line of a cell, with or without <c>#!attn</c> at its head.</summary>
    /// <returns>0; 1 when the verb failed; 2 when it was called wrongly.</returns>
    public static Task<int> InvokeAsync(string line, INotebookHost host, TextWriter output, TextWriter error) => Guarded(error, () =>
    {
        var words = CommandLineText.Split(line);
        return InvokeAsync(CreateTree(host, output), [.. words.SkipWhile(word => word == Name)], output, error);
    });

    /// <summary>Runs a command line on a tree that holds the verbs: errors of use are one line that starts with <c>attn:</c>.</summary>
    public static Task<int> InvokeAsync(Command tree, IReadOnlyList<string> words, TextWriter output, TextWriter error) => Guarded(error, async () =>
    {
        // 'help verb' is what people type; '--help' is what the parser knows.
        IReadOnlyList<string> line = words.Count == 0 ? ["--help"] : words[0] == "help" ? [.. words.Skip(1), "--help"] : words;
        var parse = tree.Parse(line);
        if (UsageError.Of(parse) is { } wrong)
        {
            error.WriteLine($"attn: {wrong}");
            return Usage;
        }

        // Verbs write to their own output; what is written here is help, word by word: each would be a message of its own in a notebook.
        using var help = new StringWriter();
        var code = await parse.InvokeAsync(new InvocationConfiguration { Output = help, Error = error, EnableDefaultExceptionHandler = false });
        if (help.GetStringBuilder().Length > 0)
            output.Write(help);
        return code;
    });

    /// <summary>What may stand at a place of a line.</summary>
    /// <param name="line">The line, with or without <c>#!attn</c>.</param>
    /// <param name="cursor">The place, from 0.</param>
    /// <param name="host">The notebook's host, for the names of variables.</param>
    public static IReadOnlyList<CommandCompletion> Complete(string line, int cursor, INotebookHost? host)
    {
        ArgumentNullException.ThrowIfNull(line);
        cursor = Math.Clamp(cursor, 0, line.Length);
        var lead = line.StartsWith(Name, StringComparison.Ordinal) ? Name.Length : 0;
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

    private static Command CreateTree(INotebookHost? host, TextWriter output)
    {
        var tree = new Command(Name, "Try attention mechanisms on your own tensors.") { new HelpOption { Recursive = true } };
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
            error.WriteLine($"attn: {WithoutParameter(e)}");
            return Usage;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            error.WriteLine($"attn: {e.GetType().Name}: {ExceptionText.Message(e)}");
            return Failure;
        }
    }

    // Attn's own messages begin with the argument's name, which .NET adds at their end once more.
    private static string WithoutParameter(Exception e) => e is ArgumentException { ParamName: { } name } && e.Message.StartsWith($"{name}:", StringComparison.Ordinal)
        ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal)
        : e.Message;
}
