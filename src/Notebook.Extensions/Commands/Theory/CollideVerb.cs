using System.CommandLine;
using System.CommandLine.Completions;
using Attn.Theory.Injectivity;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands.Theory;

/// <summary><c>#!attn theory collide FEATURES</c></summary>
internal sealed class CollideVerb : IVerb
{
    private readonly Argument<string> _features = new("features") { Description = "A variable that holds a feature map, Func<Tensor, Tensor> along the last dimension, or a map by its name.", HelpName = "features" };
    private readonly Option<int> _dim = new("--dim") { Description = "Channels d of a query.", DefaultValueFactory = _ => 4 };
    private readonly Option<int> _keys = new("--keys") { Description = "Random keys N that queries weigh.", DefaultValueFactory = _ => 16 };
    private readonly Option<int> _starts = new("--starts") { Description = "Random pairs that a search starts from.", DefaultValueFactory = _ => 4 };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of keys and pairs.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _out = new("--out") { Description = "Variable to put linear attention's pair in, [2,d]." };

    public string Example => "theory collide ReLU --dim 4";

    public Command Create(CommandContext context)
    {
        var command = new Command("collide", "Look for two queries that attention with your feature map cannot tell apart.") { _features };
        foreach (var option in (Option[])[_dim, _keys, _starts, _seed, _out])
            command.Options.Add(option);
        _features.CompletionSources.Add(_ => context.VariableNames.Concat(Maps(1, 1).Select(map => map.Name)).Select(name => new CompletionItem(name)));
        command.SetAction(async (parse, _) =>
        {
            if (parse.GetValue(_out) is not null && context.Host is null)
                throw new CommandException("--out: a terminal has no variables.");
            var pair = Show(parse, context);
            if (parse.GetValue(_out) is { } name)
                await context.Host!.SetVariableAsync(name, pair, typeof(Tensor));
            return 0;
        });
        return command;
    }

    private Tensor Show(ParseResult parse, CommandContext context)
    {
        using var scope = NewDisposeScope();
        var (dim, seed, name) = (Positive(parse, _dim), parse.GetValue(_seed), parse.GetValue(_features)!);
        var features = Features(name, dim, seed, context);
        using var generator = new Generator((ulong)seed, CPU);
        var keys = randn([Positive(parse, _keys), dim], ScalarType.Float64, generator: generator);
        var queries = randn([8, dim], ScalarType.Float64, generator: generator);
        (string Name, Func<Tensor, Tensor> Map)[] maps =
            [("linear attention", QueryMap.Linear(keys, features)), ("InLine", QueryMap.InLine(keys, features))];
        var starts = Positive(parse, _starts);
        using var progress = Progress.Start($"collide {name}", maps.Length * starts);
        var found = new List<FoundPair>();
        foreach (var (attention, map) in maps)
        {
            var searches = new List<FoundPair>();
            for (var i = 0; i < starts; i++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                searches.Add(FoundPair.Search(attention, map, dim, seed + i));
                progress.Report(found.Count * starts + i + 1, attention);
            }

            found.Add(searches.MinBy(pair => pair.Ratio)! with { Index = Enumerable.Range(0, 8).Min(i => InjectivityProbe.JacobianIndex(map, queries[i])) });
        }

        context.Show(new TheoryTable(
            $"'{name}', {dim} channels, {keys.size(0)} keys: {(found[0].Collides ? "linear attention confuses the two queries found" : "no two queries found that linear attention confuses")}",
            ["attention", "confuses", "|p − q|", "|w(p) − w(q)|", "ratio", "σ_min/σ_max"],
            [.. found.Select(pair => (IReadOnlyList<string>)
                [pair.Attention, pair.Collides ? "yes" : "no", Number.Of(pair.Distance), Number.Of(pair.WeightDistance), Number.Of(pair.Ratio), Number.Of(pair.Index)])],
            "The pair of queries with the least |w(p) − w(q)|/|p − q| of all searches. It is confused when weights are less than 0.001 apart and queries more than 1. "
            + "σ_min/σ_max is of ∂w/∂q, the least at 8 random queries: 0 where a direction of the query changes no weight. A search that finds none proves nothing."));
        return found[0].Pair.MoveToOuterDisposeScope();
    }

    private static Func<Tensor, Tensor> Features(string name, int dim, int seed, CommandContext context)
    {
        if (context.VariableNames.Contains(name))
            return context.Variable<Func<Tensor, Tensor>>("features", name);
        var maps = Maps(dim, seed);
        return maps.FirstOrDefault(map => map.Name == name)?.Features
            ?? throw new CommandException($"features: no variable or map '{name}'{Suggestion.Of(name, context.VariableNames.Concat(maps.Select(map => map.Name)))}");
    }

    private static IReadOnlyList<CollidingMap> Maps(int dim, int seed) => CollidingMaps.All(dim, seed);

    private static int Positive(ParseResult parse, Option<int> option) => parse.GetValue(option) is > 0 and var number
        ? number
        : throw new CommandException($"{option.Name}: got {parse.GetValue(option)}, needs a positive whole number.");

    // What a search ended with.
    private sealed record FoundPair(string Attention, Tensor Pair, double Distance, double WeightDistance)
    {
        public double Index { get; init; }

        public double Ratio => WeightDistance / Distance;

        public bool Collides => WeightDistance < Confusion.Tolerance && Distance > Confusion.Apart;

        public static FoundPair Search(string attention, Func<Tensor, Tensor> map, int dim, int seed)
        {
            var (_, pair) = WorstPair.Search(map, null, dim, largest: false, seed);
            using var scope = NewDisposeScope();
            var weights = map(pair);
            return new(attention, pair, (pair[0] - pair[1]).norm().item<double>(), (weights[0] - weights[1]).norm().item<double>());
        }
    }
}
