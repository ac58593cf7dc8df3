using System.CommandLine;
using System.CommandLine.Completions;
using Attn.Experiments;
using Attn.Kernels;
using Microsoft.Data.Analysis;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn bench ID … --vs ID</c></summary>
internal sealed class BenchVerb : IVerb
{
    private static readonly Dictionary<string, BenchmarkMode> Modes = new()
    {
        ["fwd"] = BenchmarkMode.Forward,
        ["fwdbwd"] = BenchmarkMode.ForwardBackward,
        ["decode"] = BenchmarkMode.Decode,
    };

    private readonly Argument<string[]> _ids = new("id") { Description = "Mechanisms of the catalogue, ID or ID:FORM.", Arity = ArgumentArity.OneOrMore, HelpName = "id" };
    private readonly Option<string[]> _versus = new("--vs") { Description = "More of them, to be measured beside.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string> _lengths = new("--seq") { Description = "Tokens: 256..4096 doubles, 500,1000 lists.", DefaultValueFactory = _ => "256..4096" };
    private readonly Option<string> _mode = new("--mode") { Description = "fwd, fwdbwd (with gradients) or decode (one token more).", DefaultValueFactory = _ => "fwd" };
    private readonly Option<int> _batch = new("--batch") { Description = "Sequences.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _heads = new("--heads") { Description = "Heads.", DefaultValueFactory = _ => 4 };
    private readonly Option<int> _dim = new("--dim") { Description = "Channels a head.", DefaultValueFactory = _ => 64 };
    private readonly Option<string> _device = DeviceOption.Create();
    private readonly Option<string> _dtype = DtypeOption.Create();
    private readonly Option<int> _patience = new("--patience") { Description = "Seconds that one call may take at most; longer lengths are then left out.", DefaultValueFactory = _ => 10 };
    private readonly Option<string?> _out = new("--out") { Description = "Variable to put the figures in, as a DataFrame." };

    public string Example => "bench gated-linear --vs softmax --seq 512..4096 --mode fwdbwd";

    public Command Create(CommandContext context)
    {
        var command = new Command("bench", "Time mechanisms side by side: a table and a chart of time, memory, tokens per second and share of the machine's best.") { _ids };
        foreach (var option in (Option[])[_versus, _lengths, _mode, _batch, _heads, _dim, _device, _dtype, _patience, _out])
            command.Options.Add(option);
        _ids.CompletionSources.Add(_ => Ids());
        _versus.CompletionSources.Add(_ => Ids());
        _mode.CompletionSources.Add(_ => Modes.Keys.Select(mode => new CompletionItem(mode)));
        command.SetAction(async (parse, _) =>
        {
            if (parse.GetValue(_out) is not null && context.Host is null)
                throw new CommandException("--out: a terminal has no variables.");
            var view = Measure(parse, context);
            context.Show(view);
            if (context.Host is not null)
                context.Show(view.Chart());
            if (parse.GetValue(_out) is { } name)
                await context.Host!.SetVariableAsync(name, view.ToDataFrame(), typeof(DataFrame));
            return 0;
        });
        return command;
    }

    private BenchmarkView Measure(ParseResult parse, CommandContext context)
    {
        var mechanisms = parse.GetValue(_ids)!.Concat(parse.GetValue(_versus) ?? []).Distinct().Select(Chosen).ToArray();
        var lengths = LengthRange.Parse("--seq", parse.GetValue(_lengths)!);
        var mode = Modes.TryGetValue(parse.GetValue(_mode)!, out var known)
            ? known
            : throw new CommandException($"--mode: no mode '{parse.GetValue(_mode)}'{Suggestion.Of(parse.GetValue(_mode)!, Modes.Keys)}");
        var shape = AttentionShape.Self(Positive(parse, _batch), Positive(parse, _heads), lengths[0], Positive(parse, _dim));
        // Some are causal alone: what is set beside them must do the same work.
        var causal = mechanisms.All(chosen => chosen.Mechanism.Serves(shape, causal: true));
        if (!causal && mechanisms.FirstOrDefault(chosen => !chosen.Mechanism.Serves(shape, causal: false)) is { Mechanism: { } other })
            throw new CommandException($"id: {other.Id} is causal alone, and another of them is not; they cannot be set side by side.");
        var device = DeviceOption.Parse(parse.GetValue(_device)!);

        var dtype = DtypeOption.Parse(parse.GetValue(_dtype)!);

        var peak = MachinePeak.Measure(device, dtype, context.Cancellation);
        using var progress = Progress.Start($"bench {parse.GetValue(_mode)}", lengths.Distinct().Count() * mechanisms.Length);
        var done = 0;
        var results = Benchmark.Run(
            mechanisms, lengths, shape, mode, causal, dtype, device, TimeSpan.FromSeconds(Positive(parse, _patience)),
            result => progress.Report(++done, $"{result.Case.Mechanism.Id} T{result.Case.Shape.QueryLength}"), context.Cancellation);
        return new BenchmarkView(results, peak);
    }

    private static (AttentionMechanism Mechanism, AttentionForm Form) Chosen(string text)
    {
        var parts = text.Split(':', 2);
        var mechanism = Catalog.Find(parts[0]);
        return (mechanism, mechanism.Form(parts.Length > 1 ? parts[1] : null));
    }

    private static int Positive(ParseResult parse, Option<int> option) => parse.GetValue(option) is > 0 and var number
        ? number
        : throw new CommandException($"{option.Name}: got {parse.GetValue(option)}, needs a positive whole number.");

    private static IEnumerable<CompletionItem> Ids() => Catalog.Rows.Select(row => new CompletionItem(row.Id, detail: row.Name));
}
