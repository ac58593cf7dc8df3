using System.Text.RegularExpressions;

namespace Attn.Theory.IoComplexity;

/// <summary>How the points of an iteration space that share an output become one.</summary>
public enum Reduction
{
    /// <summary>There is one point an output.</summary>
    None,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The largest.</summary>
    Max,
}

/// <summary>
/// An extended Einsum (Nayak et al. 2024, 'FuseMax', arXiv 2406.10491): for every point of the ranks that its tensors have, a map operator over
/// the operands; points that share an output are reduced. An output at <c>m1+1</c> is a running state over tiles, read at <c>m1</c> as it was before.
/// </summary>
public sealed partial record Einsum
{
    private readonly string _line;

    private Einsum(string line, TensorAccess output, Reduction reduction, MapOperator map, IReadOnlyList<TensorAccess> operands) =>
        (_line, Output, Reduction, Map, Operands) = (line, output, reduction, map, operands);

    /// <summary>What it writes.</summary>
    public TensorAccess Output { get; }

    /// <summary>How it reduces.</summary>
    public Reduction Reduction { get; }

    /// <summary>What it does to each point.</summary>
    public MapOperator Map { get; }

    /// <summary>What it reads.</summary>
    public IReadOnlyList<TensorAccess> Operands { get; }

    /// <summary>The ranks of its iteration space, those of the output first.</summary>
    public IEnumerable<string> Ranks => Operands.Prepend(Output).SelectMany(access => access.Indices).Select(index => index.Rank).Distinct();

    /// <summary>Reads one line, such as <c>SN[m,p] = exp(QK[m,p] - GM[p])</c> or <c>QK[m,p] = sum Q[e,p] * K[e,m]</c>.</summary>
    /// <exception cref="ArgumentException">The line says something else.</exception>
    public static Einsum Parse(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var sides = line.Split(" = ");
        if (sides.Length != 2 || Access().Match(sides[0].Trim()) is not { Success: true } left || left.Length != sides[0].Trim().Length)
            throw new ArgumentException($"line: got '{line}', needs OUT[…] = expression.", nameof(line));
        var operands = new List<TensorAccess>();
        var expression = Access().Replace(sides[1].Trim(), match =>
        {
            operands.Add(Of(match));
            return ((char)('a' + operands.Count - 1)).ToString();
        });
        var reduction = Enum.GetValues<Reduction>().FirstOrDefault(one => expression.StartsWith(Prefix(one), StringComparison.Ordinal) && one != Reduction.None);
        var mapped = reduction == Reduction.None ? expression : expression[Prefix(reduction).Length..];
        var map = MapOperator.All.FirstOrDefault(one => one.Text == mapped)
            ?? throw new ArgumentException($"line: got '{mapped}' in '{line}', needs one of {string.Join("; ", MapOperator.All.Select(one => one.Text))}.", nameof(line));
        var einsum = new Einsum(line.Trim(), Of(left), reduction, map, operands);
        if (einsum.Reduced().Any() != (reduction != Reduction.None))
            throw new ArgumentException($"line: got '{line}', needs sum or max just when the output lacks a rank.", nameof(line));
        return einsum.Output.Indices.All(index => operands.Any(operand => operand.At(index.Rank) is { } point
                && (index.Point == RankPoint.Element ? point == RankPoint.Element : index.Point != RankPoint.End && point != RankPoint.End)))
            ? einsum
            : throw new ArgumentException($"line: got '{line}', needs every index of the output in an operand, and none past the end.", nameof(line));

        static TensorAccess Of(Match match) => new(match.Groups["name"].Value, RankIndex.ParseList(match.Groups["ranks"].Value));
    }

    /// <summary>The line as it was written.</summary>
    public override string ToString() => _line;

    /// <summary>The ranks that the operands run over, by element or by tile, and the output not so finely.</summary>
    internal IEnumerable<string> Reduced() => Operands.SelectMany(operand => operand.Indices)
        .Where(index => index.Point != RankPoint.End && (Output.At(index.Rank) is not { } point || (index.Point == RankPoint.Element && point != RankPoint.Element)))
        .Select(index => index.Rank).Distinct();

    private static string Prefix(Reduction reduction) => $"{reduction.ToString().ToLowerInvariant()} ";

    [GeneratedRegex("(?<name>[A-Za-z]\\w*)\\[(?<ranks>[^\\]]*)\\]")]
    private static partial Regex Access();
}
