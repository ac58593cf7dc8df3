using System.CommandLine;
using System.CommandLine.Completions;
using Attn.Kernels;
using Attn.Theory.EntropyBounds;
using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands.Theory;

/// <summary><c>#!attn theory entropy ID</c></summary>
internal sealed class EntropyVerb : IVerb
{
    private const int HeadsDrawn = 4;

    private readonly Option<string?> _logits = new("--logits") { Description = "Variable with logits of your own, [Tq,Tk], [H,Tq,Tk] or [B,H,Tq,Tk], −∞ where masked, in place of a mechanism's." };
    private readonly Option<string?> _weights = new("--weights") { Description = "Variable with weights of your own, of the same shapes." };
    private readonly Option<string?> _out = new("--out") { Description = "Variable to put the table in, as a DataFrame." };

    public string Example => "theory entropy softmax --shape 1,4,64,32 --causal";

    public Command Create(CommandContext context)
    {
        var arguments = new MechanismArguments(context);
        arguments.Id.Arity = ArgumentArity.ZeroOrOne;
        var command = new Command("entropy", "Set each head's attention entropy beside the lower bound that the length of its logits allows.") { _logits, _weights, _out };
        arguments.AddTo(command);
        foreach (var option in (Option[])[_logits, _weights])
            option.CompletionSources.Add(_ => context.VariableNames.Select(name => new CompletionItem(name)));
        command.SetAction(async (parse, _) =>
        {
            if (parse.GetValue(_out) is not null && context.Host is null)
                throw new CommandException("--out: a terminal has no variables.");
            var heads = Show(parse, arguments, context);
            if (parse.GetValue(_out) is { } name)
                await context.Host!.SetVariableAsync(name, Frame.Of(heads), typeof(DataFrame));
            return 0;
        });
        return command;
    }

    private IReadOnlyList<HeadReading> Show(ParseResult parse, MechanismArguments arguments, CommandContext context)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (logits, whose) = Logits(parse, arguments, context);
        if (logits.dim() is < 2 or > 4)
            throw new CommandException($"{whose}: got [{string.Join(",", logits.shape)}], needs [Tq,Tk], [H,Tq,Tk] or [B,H,Tq,Tk].");
        if (logits.isnan().any().item<bool>())
            throw new CommandException($"{whose}: holds a value that is no number.");
        var heads = EntropyMonitor.OfLogits(logits);
        context.Show(new TheoryTable(
            $"Entropy of {whose}, [{string.Join(",", logits.shape)}]: the least margin over the bound is {Number.Of(heads.Min(head => head.Margin))} nats",
            ["head", "entropy (nats)", "its least", "bound", "least margin", "‖L − mean‖"],
            [.. heads.Select(head => (IReadOnlyList<string>)
                [$"{head.Head}", Number.Of(head.Mean), Number.Of(head.Least), Number.Of(head.Bound), Number.Of(head.Margin), Number.Of(head.RowNorm)])],
            "Entropy and bound are means over batch and rows that see two keys or more. The bound is B(T, σ) of each row's own logits, σ their Euclidean "
            + "length about their mean, of which the largest is shown; of weights, logits are their logarithms."));
        if (context.Host is not null && logits.size(-2) > 1)
            context.Show(Chart(logits, whose));
        return heads;
    }

    private (Tensor Logits, string Whose) Logits(ParseResult parse, MechanismArguments arguments, CommandContext context)
    {
        var given = new[] { parse.GetValue(_logits), parse.GetValue(_weights), parse.GetValue(arguments.Id) }.Count(name => name is not null);
        if (given != 1)
            throw new CommandException("id, --logits, --weights: needs one of the three.");
        if (parse.GetValue(_logits) is { } logits)
            return (context.Variable<Tensor>("--logits", logits), $"'{logits}'");
        if (parse.GetValue(_weights) is { } weights)
            return (Logarithm(context.Variable<Tensor>("--weights", weights)), $"'{weights}'");
        var mechanism = arguments.Mechanism(parse);
        return (Logarithm(mechanism.WeightsOf(arguments.Inputs(parse))), mechanism.Id);
    }

    // Shares of |w|, as PatternStatistics counts them: any row of shares is the softmax of its logarithms.
    private static Tensor Logarithm(Tensor weights) => weights.to(ScalarType.Float64).abs().log();

    private static object Chart(Tensor logits, string whose)
    {
        var (entropy, bound) = (PatternStatistics.Entropy(logits.to(ScalarType.Float64).softmax(-1)), EntropyBound.Rows(logits));
        var heads = logits.dim() > 2 ? (int)logits.size(-3) : 1;
        double[] Rows(Tensor rows, int head) => [.. rows.reshape(-1, heads, logits.size(-2)).mean([0L])[head].data<double>()];
        return Charts.Lines($"Entropy of {whose}, row by row{(heads > HeadsDrawn ? $", heads 0 to {HeadsDrawn - 1}" : "")}", "query", "nats, mean over batch",
            Enumerable.Range(0, Math.Min(heads, HeadsDrawn)).SelectMany(head => new Series[]
            {
                new($"head {head}", Rows(entropy, head)) { Color = head },
                new($"bound {head}", Rows(bound, head)) { Color = head, Dash = SeriesDash.Dash },
            }));
    }
}
