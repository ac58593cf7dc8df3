using System.CommandLine;
using System.CommandLine.Completions;
using Attn.Theory.LengthCollapse;
using Microsoft.Data.Analysis;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands.Theory;

/// <summary><c>#!attn theory spectrum</c></summary>
internal sealed class SpectrumVerb : IVerb
{
    private const int Matrix = 2, Layers = 5;

    private readonly Option<string?> _weights = new("--weights") { Description = "Variable with the weights of a stack, [layers,B,H,T,T], or of one layer, [B,H,T,T], in place of a mechanism's." };
    private readonly Option<string?> _out = new("--out") { Description = "Variable to put the table in, as a DataFrame." };

    public string Example => "theory spectrum softmax --shape 1,4,64,32";

    public Command Create(CommandContext context)
    {
        var arguments = new MechanismArguments(context);
        arguments.Id.Arity = ArgumentArity.ZeroOrOne;
        var command = new Command("spectrum", "Show what a stack of attention patterns leaves of differences between tokens, layer by layer and by frequency.") { _weights, _out };
        arguments.AddTo(command);
        _weights.CompletionSources.Add(_ => context.VariableNames.Select(name => new CompletionItem(name)));
        command.SetAction(async (parse, _) =>
        {
            if (parse.GetValue(_out) is not null && context.Host is null)
                throw new CommandException("--out: a terminal has no variables.");
            var layers = Show(parse, arguments, context);
            if (parse.GetValue(_out) is { } name)
                await context.Host!.SetVariableAsync(name, Frame.Of(layers.Select(layer => new { layer.Layer, layer.Dc, layer.Hc, layer.Sigma, layer.Rollout })), typeof(DataFrame));
            return 0;
        });
        return command;
    }

    private IReadOnlyList<LayerSpectrum> Show(ParseResult parse, MechanismArguments arguments, CommandContext context)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (weights, whose) = Weights(parse, arguments, context);
        if (weights.dim() is < Matrix or > Layers || weights.size(-1) != weights.size(-2))
            throw new CommandException($"{whose}: got [{string.Join(",", weights.shape)}], needs square patterns, [layers,B,H,T,T], [B,H,T,T], [H,T,T] or [T,T].");
        var layers = PatternSpectrum.Of(weights.dim() == Layers ? [.. weights.unbind(0)] : [weights]);
        context.Show(new TheoryTable(
            $"Spectrum of {whose}, [{string.Join(",", weights.shape)}]: the stack leaves at most {Number.Of(layers[^1].Rollout)} of a difference between tokens",
            ["layer", "DC", "HC", "σ", "σ of the stack"],
            [.. layers.Select(layer => (IReadOnlyList<string>)
                [$"{layer.Layer}", Number.Of(layer.Dc), Number.Of(layer.Hc), Number.Of(layer.Sigma), Number.Of(layer.Rollout)])],
            "Of white tokens: DC is the energy left at frequency 0, HC that left at each other frequency; σ the most that is left of any difference between tokens, "
            + "of the stack without residuals. Means over batch and heads."));
        if (context.Host is not null && weights.size(-1) > 1)
            context.Show(Charts.Lines($"What {whose} leaves of each frequency", "turns over the places", "share of energy",
                layers.Select(layer => new Series($"layer {layer.Layer}", layer.Gain)), logY: true));
        return layers;
    }

    private (Tensor Weights, string Whose) Weights(ParseResult parse, MechanismArguments arguments, CommandContext context)
    {
        if (arguments.HasMechanism(parse) == parse.GetValue(_weights) is not null)
            throw new CommandException("id, --weights: needs one of the two.");
        if (parse.GetValue(_weights) is { } name)
            return (context.Variable<Tensor>("--weights", name), $"'{name}'");
        var mechanism = arguments.Mechanism(parse);
        return (mechanism.WeightsOf(arguments.Inputs(parse)), mechanism.Id);
    }
}
