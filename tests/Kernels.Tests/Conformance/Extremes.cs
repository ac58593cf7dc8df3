using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Finite inputs at which sums of exponentials, products of gates or divisions go wrong when they are written carelessly.</summary>
internal static class Extremes
{
    private const double Huge = 1e4;

    private static readonly Dictionary<string, Func<AttentionInputs, AttentionInputs>> Changes = new()
    {
        ["large logits of both signs"] = x => Only(x, "q", q => q * Huge, "k", k => k * Huge),
        ["large negative q and k"] = x => Only(x, "q", q => q.abs() * -Huge, "k", k => k.abs() * -Huge),
        ["large q against −k"] = x => Only(x, "q", q => q.abs() * Huge, "k", k => k.abs() * -Huge),
        ["one key far above all others"] = x => Only(x, "k", OneLarge, "v", v => v),
        ["all zero"] = x => x.Map((name, tensor) => Qkv(name) ? zeros_like(tensor) : tensor),
        ["all tokens the same"] = x => x.Map((name, tensor) => Qkv(name) ? tensor.narrow(2, 0, 1).expand(tensor.shape).contiguous() : tensor),
        ["tiny"] = x => x.Map((name, tensor) => Qkv(name) ? tensor * 1e-30 : tensor),
        ["large values"] = x => Only(x, "v", v => v * 1e15, "k", k => k),
        ["large and tiny values by turns"] = x => Only(x, "v", v => ByTurns(v * 1e10, v * 1e-10), "k", k => k),
    };

    /// <summary>The names of what is tried on a row: the changes above, and each further tensor at the ends of its range.</summary>
    public static IEnumerable<string> For(AttentionMechanism row) => Changes.Keys.Concat(EndsOf(row));

    /// <summary>The names of what is tried on the row's further tensors.</summary>
    public static IEnumerable<string> EndsOf(AttentionMechanism row) =>
        from extra in row.Extras from end in new[] { "least", "most", "least and most by turns" } select $"{extra.Name}: {end}";

    public static AttentionInputs Apply(string name, AttentionMechanism row, AttentionInputs inputs)
    {
        if (Changes.TryGetValue(name, out var change))
            return change(inputs);
        var (extra, end) = (row.Extras.Single(extra => name.StartsWith(extra.Name + ":", StringComparison.Ordinal)), name[(name.IndexOf(':') + 2)..]);
        var (least, most) = (Math.Max(extra.Least, -Huge), Math.Min(extra.Most, Huge));
        return Only(inputs, extra.Name, tensor => end switch
        {
            "least" => full_like(tensor, least),
            "most" => full_like(tensor, most),
            _ => ByTurns(full_like(tensor, least), full_like(tensor, most)),
        }, "", tensor => tensor);
    }

    private static bool Qkv(string name) => name is "q" or "k" or "v";

    private static AttentionInputs Only(AttentionInputs inputs, string a, Func<Tensor, Tensor> changeA, string b, Func<Tensor, Tensor> changeB) =>
        inputs.Map((name, tensor) => name == a ? changeA(tensor) : name == b ? changeB(tensor) : tensor);

    private static Tensor OneLarge(Tensor keys)
    {
        var changed = keys.clone();
        changed.narrow(2, keys.shape[2] / 2, 1).mul_(1e6);
        return changed;
    }

    /// <summary>Entries of the one and the other in turn along the last dimension but one.</summary>
    private static Tensor ByTurns(Tensor even, Tensor odd)
    {
        var turn = arange(even.shape[^2]).remainder(2).to(ScalarType.Bool).unsqueeze(-1);
        return odd.where(turn, even);
    }
}
