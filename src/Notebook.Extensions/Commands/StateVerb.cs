using System.CommandLine;
using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands;

/// <summary><c>#!attn state ID</c></summary>
internal sealed class StateVerb : IVerb
{
    public string Example => "state gated-linear --q q --k k --v v --out s";

    public Command Create(CommandContext context)
    {
        var arguments = new MechanismArguments(context);
        var result = new Option<string?>("--out") { Description = "Variable to put the state after the last token in." };
        var command = new Command("state", "Show what a recurrent mechanism remembers: its state's norm and effective rank, token by token, and the state at the end.") { result };
        arguments.AddTo(command);
        command.SetAction(async (parse, _) =>
        {
            var mechanism = arguments.Mechanism(parse);
            if (mechanism.State is null)
                throw new CommandException($"id: {mechanism.Id} has no state; these have one: {string.Join(", ", Catalog.Rows.Where(row => row.State is not null).Select(row => row.Id))}.");
            if (parse.GetValue(result) is not null && context.Host is null)
                throw new CommandException("--out: a terminal has no variables.");
            var (inputs, state) = Run(mechanism, arguments.Inputs(parse), context);
            var cost = mechanism.Cost(inputs.Shape, inputs.Causal);
            var cache = (double)inputs.Shape.KeyLength * (inputs.Shape.KeyDim + inputs.Shape.ValueDim) * inputs.Shape.Batch * inputs.Shape.Heads;
            context.Say($"{mechanism.Id}: {mechanism.State.Meaning}; {Number.Of(cost.StateElements)} numbers, where a key-value cache of {inputs.Shape.KeyLength} tokens has {Number.Of(cache)}");
            context.Show(state);
            if (parse.GetValue(result) is { } name)
                await context.Host!.SetVariableAsync(name, state, typeof(Tensor));
            return 0;
        });
        return command;
    }

    private static (AttentionInputs Inputs, Tensor State) Run(AttentionMechanism mechanism, AttentionInputs inputs, CommandContext context)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var (norms, ranks) = (new List<double>(), new List<double>());
        Tensor? state = inputs.InitialState;
        for (var t = 0; t < inputs.Shape.KeyLength; t++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            state = mechanism.Form().Run(inputs.OfTokens(t, 1) with { InitialState = state, Causal = mechanism.Patterns.HasFlag(AttentionPatterns.CausalSelf) }).State!;
            norms.Add(state.norm().item<float>() / Math.Sqrt(inputs.Shape.Batch * inputs.Shape.Heads));
            ranks.Add(PatternStatistics.EffectiveRank(state).mean().item<double>());
        }

        if (context.Host is not null)
            context.Show(Charts.Lines($"The state of {mechanism.Id}", "token", "mean over heads", [new("norm", norms), new("effective rank", ranks)]));
        else
            context.Say($"norm {Number.Of(norms[0])} → {Number.Of(norms[^1])}, effective rank {Number.Of(ranks[0])} → {Number.Of(ranks[^1])}");
        return (inputs, state!.MoveToOuterDisposeScope());
    }
}
