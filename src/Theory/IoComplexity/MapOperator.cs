using static TorchSharp.torch;

namespace Attn.Theory.IoComplexity;

/// <summary>What an extended Einsum does to each point of its iteration space, before it reduces.</summary>
public sealed class MapOperator
{
    private readonly Func<Tensor[], Tensor> _apply;

    private MapOperator(string text, Func<Tensor[], Tensor> apply) => (Text, _apply) = (text, apply);

    /// <summary>All there are.</summary>
    public static IReadOnlyList<MapOperator> All { get; } =
    [
        new("a", x => x[0].clone()),
        new("a * b", x => x[0] * x[1]),
        new("a + b", x => x[0] + x[1]),
        new("a / b", x => x[0] / x[1]),
        new("max(a, b)", x => maximum(x[0], x[1])),
        new("exp(a)", x => x[0].exp()),
        // A maximum over nothing is −∞, and what it stands for weighs nothing, whatever it is compared with.
        new("exp(a - b)", x => where(x[0].isneginf(), zeros_like(x[0]), (x[0] - x[1]).exp())),
        new("sigmoid(a)", x => x[0].sigmoid()),
        // A sum over nothing has nothing to correct.
        new("a * b / c", x => where(x[2] == 0, zeros_like(x[0]), x[0] * x[1] / x[2])),
    ];

    /// <summary>The operator, its operands called a, b and c.</summary>
    public string Text { get; }

    /// <summary>Whether it divides.</summary>
    public bool Divides => Text.Contains('/');

    /// <summary>Whether it takes an exponential.</summary>
    public bool Exponentiates => Text.StartsWith("exp", StringComparison.Ordinal);

    /// <summary>What a running state that it combines starts from: −∞ of a maximum, else 0.</summary>
    internal double Start => Text.StartsWith("max", StringComparison.Ordinal) ? double.NegativeInfinity : 0;

    internal Tensor Apply(Tensor[] operands) => _apply(operands);
}
