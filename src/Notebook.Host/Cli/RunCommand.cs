using System.CommandLine;
using System.Globalization;
using Attn.Experiments;
using Attn.Host.Notebooks;
using Attn.Host.Runner;

namespace Attn.Host.Cli;

/// <summary><c>attn run NOTEBOOK…</c></summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var notebooks = new Argument<string[]>("notebooks") { Description = "Notebooks (.ipynb) to run.", Arity = ArgumentArity.OneOrMore };
        var shared = new RunArguments();
        var parameters = new Option<string[]>("-p", "--parameter")
        {
            Description = "A value for a parameter that the notebook declares, NAME=VALUE; may be given several times.",
            AllowMultipleArgumentsPerToken = false,
        };
        var timeout = new Option<double?>("--timeout") { Description = "Seconds that a cell may take." };
        var keepGoing = new Option<bool>("--keep-going") { Description = "Run the cells after a failed one too." };
        timeout.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && !(double.TryParse(text, CultureInfo.InvariantCulture, out var seconds) && seconds > 0 && double.IsFinite(seconds)))
                result.AddError($"--timeout: got '{text}', needs a positive number of seconds.");
        });
        var command = new Command("run", "Run notebooks: leaves an executed .ipynb and a self-contained .html of each. With a mechanism's id instead, run that mechanism.") { notebooks, parameters, timeout, keepGoing };
        shared.AddTo(command);
        command.SetAction((parse, _) => Guarded.RunAsync(async cancellation =>
        {
            var options = shared.Options(parse) with
            {
                Parameters = Parameters(parse.GetValue(parameters) ?? []),
                CellTimeout = parse.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                KeepGoing = parse.GetValue(keepGoing),
            };
            var reports = await new NotebookRun(options, shared.Folder(parse)).RunAsync(parse.GetValue(notebooks)!, cancellation);
            return reports.All(report => report.Succeeded) ? 0 : 1;
        }));
        return command;
    }

    private static Dictionary<string, string> Parameters(IEnumerable<string> given)
    {
        var values = new Dictionary<string, string>();
        foreach (var text in given)
            values[text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? text[..at] : throw new NotebookFormatException($"-p: got '{text}', needs NAME=VALUE.")]
                = text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return values;
    }
}

/// <summary>The options that every verb which runs notebooks takes.</summary>
/// <param name="folder">Where what is left goes when nothing is said.</param>
internal sealed class RunArguments(string folder = "out")
{
    private readonly Option<DirectoryInfo> _out = new("--out") { Description = "The folder for what is left.", DefaultValueFactory = _ => new DirectoryInfo(folder) };
    private readonly Option<string?> _scale = Scales();
    private readonly Option<int?> _seed = new("--seed") { Description = "The seed; as the notebook says when not given." };

    public void AddTo(Command command)
    {
        command.Options.Add(_out);
        command.Options.Add(_scale);
        command.Options.Add(_seed);
    }

    public DirectoryInfo Folder(ParseResult parse) => parse.GetValue(_out)!;

    public RunOptions Options(ParseResult parse)
    {
        var common = new Dictionary<string, string>();
        if (parse.GetValue(_scale) is { } scale)
            common["scale"] = scale;
        if (parse.GetValue(_seed) is { } seed)
            common["seed"] = seed.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new RunOptions { Common = common };
    }

    private static Option<string?> Scales()
    {
        var scale = new Option<string?>("--scale") { Description = "smoke (seconds), laptop (a minute) or gpu; as the notebook says when not given." };
        scale.AcceptOnlyFromAmong([.. Scale.Names]);
        return scale;
    }
}
