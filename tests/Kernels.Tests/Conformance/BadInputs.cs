using TorchSharp;
using static TorchSharp.torch;

namespace Attn.Kernels.Tests.Conformance;

/// <summary>Calls that are wrong in one argument, made from a right one.</summary>
internal static class BadInputs
{
    /// <summary>What is wrong, the argument that a message must name, and the call.</summary>
    public static IEnumerable<(string What, string Argument, AttentionInputs Inputs)> Of(AttentionMechanism row, AttentionInputs good) =>
        Qkv(good).Concat(row.Extras.SelectMany(extra => Extra(extra, good))).Concat(State(good)).Concat(Pattern(row, good));

    private static IEnumerable<(string, string, AttentionInputs)> Qkv(AttentionInputs good)
    {
        foreach (var name in new[] { "q", "k", "v" })
        {
            yield return ("rank 3", name, Change(good, name, tensor => tensor[0]));
            yield return ("rank 5", name, Change(good, name, tensor => tensor.unsqueeze(0)));
            yield return ("no tensor", name, Change(good, name, _ => null!));
            yield return ("no tokens", name, Change(good, name, tensor => tensor.narrow(2, 0, 0)));
            yield return ("integers", name, Change(good, name, tensor => tensor.to(ScalarType.Int64)));
        }
        foreach (var name in new[] { "k", "v" })
        {
            yield return ("another batch", name, Change(good, name, tensor => cat([tensor, tensor], 0)));
            yield return ("more heads", name, Change(good, name, tensor => cat([tensor, tensor], 1)));
            yield return ("another dtype", name, Change(good, name, tensor => tensor.to(ScalarType.Float16)));
            yield return ("another device", name, Change(good, name, OnMeta));
        }
        yield return ("other channels", "k", Change(good, "k", tensor => tensor.narrow(3, 1, tensor.shape[3] - 1)));
        yield return ("fewer values than keys", "v", Change(good, "v", tensor => tensor.narrow(2, 1, tensor.shape[2] - 1)));
    }

    private static IEnumerable<(string, string, AttentionInputs)> Extra(AttentionExtra extra, AttentionInputs good)
    {
        yield return ("not given", extra.Name, good with { Extra = good.Extra.Where(given => given.Key != extra.Name).ToDictionary() });
        foreach (var (what, inputs) in Further(extra.Name, good))
            yield return (what, extra.Name, inputs);
        if (double.IsFinite(extra.Most))
            yield return ("above its range", extra.Name, Change(good, extra.Name, tensor => OneEntry(tensor, extra.Most + 0.5)));
        if (double.IsFinite(extra.Least))
            yield return ("below its range", extra.Name, Change(good, extra.Name, tensor => OneEntry(tensor, extra.Least - 0.5)));
        if (double.IsFinite(extra.Most) || double.IsFinite(extra.Least))
            yield return ("NaN where there is a range", extra.Name, Change(good, extra.Name, tensor => OneEntry(tensor, double.NaN)));
    }

    private static IEnumerable<(string, string, AttentionInputs)> State(AttentionInputs good) =>
        good.InitialState is null ? [] : Further("initialState", good).Select(bad => (bad.What, "initialState", bad.Inputs));

    private static IEnumerable<(string What, AttentionInputs Inputs)> Further(string name, AttentionInputs good)
    {
        yield return ("rank 1", Change(good, name, tensor => tensor.flatten()));
        yield return ("another shape", Change(good, name, tensor => cat([tensor, tensor], tensor.shape.Length - 1)));
        yield return ("another dtype", Change(good, name, tensor => tensor.to(ScalarType.Float16)));
        yield return ("another device", Change(good, name, OnMeta));
    }

    private static IEnumerable<(string, string, AttentionInputs)> Pattern(AttentionMechanism row, AttentionInputs good)
    {
        if (!row.Serves(good.Shape, !good.Causal))
            yield return ("the other causality", "causal", good with { Causal = !good.Causal });
        if ((row.Patterns & (AttentionPatterns.CausalCross | AttentionPatterns.NoncausalCross)) == AttentionPatterns.None)
            yield return ("fewer queries than keys", "k", Change(good, "q", tensor => tensor.narrow(2, 1, tensor.shape[2] - 1)));
    }

    private static AttentionInputs Change(AttentionInputs inputs, string name, Func<Tensor, Tensor> change) =>
        inputs.Map((candidate, tensor) => candidate == name ? change(tensor) : tensor);

    private static Tensor OneEntry(Tensor tensor, double value)
    {
        var changed = tensor.clone();
        changed.flatten().narrow(0, tensor.numel() / 2, 1).fill_(value);
        return changed;
    }

    /// <summary>A tensor without storage: a second device that every machine has.</summary>
    private static Tensor OnMeta(Tensor tensor) => tensor.to(new Device(DeviceType.META));
}
