using static TorchSharp.torch;

namespace Attn.Theory.IoComplexity;

/// <summary>One Einsum on one tile: operands laid out over its iteration space, mapped, reduced.</summary>
internal static class EinsumOnTile
{
    /// <summary>The output's part of the tile, its dimensions in the order of its indices, those by tiles left out.</summary>
    /// <param name="einsum">The line.</param>
    /// <param name="rank">The rank that is read in tiles.</param>
    /// <param name="operands">The operands' parts.</param>
    public static Tensor Evaluate(Einsum einsum, string rank, Tensor[] operands)
    {
        using var scope = NewDisposeScope();
        var output = Dimensions(einsum.Output, rank);
        string[] space = [.. output, .. einsum.Operands.SelectMany(operand => Dimensions(operand, rank)).Distinct().Except(output)];
        var mapped = einsum.Map.Apply([.. operands.Zip(einsum.Operands, (tensor, access) => LaidOut(tensor, Dimensions(access, rank), space))]);
        long[] reduced = [.. Enumerable.Range(output.Length, space.Length - output.Length)];
        return (reduced.Length == 0 ? mapped : einsum.Reduction == Reduction.Max ? mapped.amax(reduced) : mapped.sum(reduced)).MoveToOuterDisposeScope();
    }

    /// <summary>Two tiles' parts of a reduction as one.</summary>
    public static Tensor Join(Reduction reduction, Tensor sofar, Tensor part) => reduction == Reduction.Max ? maximum(sofar, part) : sofar + part;

    private static string[] Dimensions(TensorAccess access, string rank) =>
        [.. access.Indices.Where(index => index.Rank != rank || index.Point == RankPoint.Element).Select(index => index.Rank)];

    private static Tensor LaidOut(Tensor tensor, string[] has, string[] space)
    {
        var order = space.Where(has.Contains).Select(name => (long)Array.IndexOf(has, name)).ToArray();
        var laid = tensor.permute(order);
        for (var i = 0; i < space.Length; i++)
            if (!has.Contains(space[i]))
                laid = laid.unsqueeze(i);
        return laid;
    }
}
