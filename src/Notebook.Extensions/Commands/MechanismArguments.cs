using System.CommandLine;
using System.Globalization;
using Attn.Kernels;
using static TorchSharp.torch;

namespace Attn.Notebook.Commands;

/// <summary>The arguments by which verbs are told a mechanism and the tensors to put it to: the user's own, or random ones of a shape.</summary>
internal sealed class MechanismArguments
{
    private const int ShapeNumbers = 4;
    private static readonly AttentionShape Usual = AttentionShape.Self(1, 4, 128, 64);

    private readonly CommandContext _context;
    private readonly Argument<string> _id = new("id") { Description = "A mechanism of the catalogue; 'list' shows them.", HelpName = "id" };
    private readonly Option<string?> _q = new("--q") { Description = "Variable that holds the queries [B,H,Tq,D]." };
    private readonly Option<string?> _k = new("--k") { Description = "Variable that holds the keys [B,H,Tk,D]." };
    private readonly Option<string?> _v = new("--v") { Description = "Variable that holds the values [B,H,Tk,Dv]." };
    private readonly Option<string[]> _extra = new("--extra") { Description = "A further tensor of the mechanism, NAME=VARIABLE, such as logGate=g.", AllowMultipleArgumentsPerToken = false };
    private readonly Option<string?> _shape = new("--shape") { Description = $"Shape of random tensors, B,H,T,D; {Usual.Batch},{Usual.Heads},{Usual.QueryLength},{Usual.KeyDim} when not given." };
    private readonly Option<int> _seed = new("--seed") { Description = "Seed of random tensors.", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _device = DeviceOption.Create();
    private readonly Option<string> _dtype = DtypeOption.Create();
    private readonly Option<bool> _causal = new("--causal") { Description = "A token sees only what came before it." };

    public MechanismArguments(CommandContext context)
    {
        _context = context;
        _id.CompletionSources.Add(_ => Catalog.Rows.Select(row => new System.CommandLine.Completions.CompletionItem(row.Id, detail: row.Name)));
        foreach (var option in (Option[])[_q, _k, _v])
            option.CompletionSources.Add(_ => context.VariableNames.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
    }

    public Argument<string> Id => _id;

    /// <summary>Gives a command the mechanism's id and its tensors.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_id);
        AddTensorsTo(command);
    }

    /// <summary>Gives a command the tensors alone.</summary>
    public void AddTensorsTo(Command command)
    {
        foreach (var option in (Option[])[_q, _k, _v, _extra, _shape, _seed, _device, _dtype, _causal])
            command.Options.Add(option);
    }

    /// <summary>Whether the user named tensors or a shape.</summary>
    public bool IsGiven(ParseResult parse) => parse.GetValue(_q) is not null || parse.GetValue(_k) is not null || parse.GetValue(_v) is not null || parse.GetValue(_shape) is not null;

    /// <summary>The dtype that was asked for alone; else <paramref name="usual"/>.</summary>
    public IReadOnlyList<ScalarType> Dtypes(ParseResult parse, IReadOnlyList<ScalarType> usual) =>
        parse.GetResult(_dtype) is { Implicit: false } ? [DtypeOption.Parse(parse.GetValue(_dtype)!)] : usual;

    /// <summary>Causal calls alone where they were asked for; else both kinds, as far as the mechanism serves them.</summary>
    /// <exception cref="CommandException">It serves no causal ones.</exception>
    public IReadOnlyList<bool> Causalities(ParseResult parse, AttentionMechanism mechanism) =>
        !parse.GetValue(_causal) ? [false, true]
        : mechanism.Patterns.HasFlag(AttentionPatterns.CausalSelf) ? [true]
        : throw new CommandException($"--causal: {mechanism.Id} serves {mechanism.Patterns} alone.");

    /// <summary>The seed of random tensors.</summary>
    public int Seed(ParseResult parse) => parse.GetValue(_seed);

    /// <summary>Where random tensors lie.</summary>
    public Device Device(ParseResult parse) => DeviceOption.Parse(parse.GetValue(_device)!);

    public bool HasMechanism(ParseResult parse) => parse.GetValue(_id) is not null;

    public AttentionMechanism Mechanism(ParseResult parse) => Catalog.Find(parse.GetValue(_id)!);

    /// <summary>The tensors of the call. What the user does not name is random, in the shape of what he names.</summary>
    public AttentionInputs Inputs(ParseResult parse) => Inputs(parse, Mechanism(parse));

    /// <summary>The tensors of a call of <paramref name="mechanism"/>; equal seeds give all mechanisms equal q, k and v.</summary>
    public AttentionInputs Inputs(ParseResult parse, AttentionMechanism mechanism)
    {
        var given = (Q: Given(parse, _q), K: Given(parse, _k), V: Given(parse, _v));
        bool? causal = parse.GetValue(_causal) ? true : null;
        var extras = Extras(parse, mechanism);
        if (given is (null, null, null))
            return With(AttentionInputs.Random(mechanism, Shape(parse), parse.GetValue(_seed), DtypeOption.Parse(parse.GetValue(_dtype)!), causal, device: Device(parse)), extras);
        if (given is not ({ } q, { } k, { } v))
            throw new CommandException("--q, --k, --v: needs all three, or none for random tensors.");
        if (q.dim() != 4 || k.dim() != 4 || v.dim() != 4)
            throw new CommandException("--q, --k, --v: needs tensors [B,H,T,D].");
        var shape = new AttentionShape((int)q.size(0), (int)q.size(1), (int)q.size(2), (int)k.size(2), (int)q.size(3), (int)v.size(3));
        var random = AttentionInputs.Random(mechanism, shape, parse.GetValue(_seed), q.dtype, causal, device: q.device);
        return With(random with { Q = q, K = k, V = v }, extras);
    }

    private static AttentionInputs With(AttentionInputs inputs, Dictionary<string, Tensor> extras)
    {
        var all = inputs.Extra.ToDictionary();
        foreach (var (name, tensor) in extras)
            all[name] = tensor;
        return inputs with { Extra = all };
    }

    private Tensor? Given(ParseResult parse, Option<string?> option) => parse.GetValue(option) is { } name ? _context.Variable<Tensor>(option.Name, name) : null;

    private Dictionary<string, Tensor> Extras(ParseResult parse, AttentionMechanism mechanism)
    {
        var extras = new Dictionary<string, Tensor>();
        foreach (var text in parse.GetValue(_extra) ?? [])
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2)
                throw new CommandException($"--extra: got '{text}', needs NAME=VARIABLE.");
            var names = Catalog.Rows.SelectMany(row => row.Extras).Select(extra => extra.Name).Distinct().ToArray();
            if (!names.Contains(parts[0]))
                throw new CommandException($"--extra: no mechanism has a tensor '{parts[0]}'{Suggestion.Of(parts[0], names)}");
            if (mechanism.Extras.Any(extra => extra.Name == parts[0]))
                extras[parts[0]] = _context.Variable<Tensor>("--extra", parts[1]);
        }

        return extras;
    }

    private AttentionShape Shape(ParseResult parse)
    {
        if (parse.GetValue(_shape) is not { } text)
            return Usual;
        var numbers = text.Split(',').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
        return numbers.Length == ShapeNumbers && numbers.All(number => number > 0)
            ? AttentionShape.Self(numbers[0], numbers[1], numbers[2], numbers[3])
            : throw new CommandException($"--shape: got '{text}', needs four positive whole numbers B,H,T,D, such as 1,4,128,64.");
    }
}
