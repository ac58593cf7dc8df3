namespace Attn.Kernels.Tests.Conformance;

/// <summary>The forms of a row, and those that work in blocks once more in blocks that divide no length of the matrix.</summary>
internal static class Variants
{
    private static readonly int[] Blocks = [13, 200];

    public static IEnumerable<AttentionForm> Of(AttentionMechanism row) => row.Forms.SelectMany(form => form.InBlocks(Blocks).Prepend(form));
}
