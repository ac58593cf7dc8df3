using System.CommandLine;
using System.CommandLine.Completions;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn map ID</c></summary>
internal sealed class MapVerb : IVerb
{
    private readonly Option<int[]> _heads = new("--head") { Description = "Only these heads, from 0.", AllowMultipleArgumentsPerToken = true };
    private readonly Option<string?> _weights = new("--weights") { Description = "Variable with weights of your own, [B,H,Tq,Tk] or [layers,B,H,Tq,Tk], in place of a mechanism's." };
    private readonly Option<string?> _tokens = new("--tokens") { Description = "Variable with the tokens' names, a list of strings." };
    private readonly Option<string> _view = new("--view") { Description = "heads (all of them), matrix (one, to be zoomed) or lines.", DefaultValueFactory = _ => "heads" };

    public string Example => "map softmax --shape 1,4,32,16 --causal --view lines";

    public Command Create(CommandContext context)
    {
        var arguments = new MechanismArguments(context);
        arguments.Id.Arity = ArgumentArity.ZeroOrOne;
        var command = new Command("map", "Draw who looks at whom: the attention matrix of a mechanism, or of your own.") { _heads, _weights, _tokens, _view };
        arguments.AddTo(command);
        _view.CompletionSources.Add(_ => Layouts.Keys.Select(name => new CompletionItem(name)));
        foreach (var option in (Option[])[_weights, _tokens])
            option.CompletionSources.Add(_ => context.VariableNames.Select(name => new CompletionItem(name)));
        command.SetAction(parse =>
        {
            using var none = no_grad();
            using var scope = NewDisposeScope();
            var view = parse.GetValue(_view)!;
            if (!Layouts.TryGetValue(view, out var layout))
                throw new CommandException($"--view: no view '{view}'{Suggestion.Of(view, Layouts.Keys)}");
            var tokens = parse.GetValue(_tokens) is { } name ? context.Variable<IReadOnlyList<string>>("--tokens", name) : null;
            context.Show(new AttentionPattern(Weights(parse, arguments, context), tokens) { Layout = layout });
        });
        return command;
    }

    private static Dictionary<string, PatternLayout> Layouts { get; } = Enum.GetValues<PatternLayout>().ToDictionary(layout => layout.ToString().ToLowerInvariant());

    private Tensor Weights(ParseResult parse, MechanismArguments arguments, CommandContext context)
    {
        var heads = parse.GetValue(_heads) is { Length: > 0 } chosen ? chosen : null;
        if (parse.GetValue(_weights) is not { } name)
            return arguments.HasMechanism(parse)
                ? arguments.Mechanism(parse).WeightsOf(arguments.Inputs(parse), heads)
                : throw new CommandException("id: got none, needs a mechanism's id, or --weights.");
        var weights = context.Variable<Tensor>("--weights", name);
        if (heads is null)
            return weights;
        if (weights.dim() < 3 || heads.Any(head => head < 0 || head >= weights.size(-3)))
            throw new CommandException($"--head: got {string.Join(", ", heads)}, needs heads of '{name}', which is [{string.Join(",", weights.shape)}].");
        return weights.index_select(-3, tensor(heads.Select(head => (long)head).ToArray(), device: weights.device));
    }
}
