namespace Attn.Kernels;

/// <summary>The shape of one attention problem: <c>q [B,H,Tq,D]</c>, <c>k [B,H,Tk,D]</c>, <c>v [B,H,Tk,Dv]</c>.</summary>
/// <param name="Batch">B, sequences in the batch.</param>
/// <param name="Heads">H, attention heads.</param>
/// <param name="QueryLength">Tq, tokens that ask.</param>
/// <param name="KeyLength">Tk, tokens that are asked.</param>
/// <param name="KeyDim">D, width of a query and of a key.</param>
/// <param name="ValueDim">Dv, width of a value and of an output.</param>
public readonly record struct AttentionShape(int Batch, int Heads, int QueryLength, int KeyLength, int KeyDim, int ValueDim)
{
    /// <summary>A self-attention shape: Tq = Tk = <paramref name="length"/>, Dv = D.</summary>
    public static AttentionShape Self(int batch, int heads, int length, int dim) => new(batch, heads, length, length, dim, dim);

    /// <summary>The pattern of a call of this shape: self-attention when Tq = Tk, else cross-attention.</summary>
    public AttentionPatterns Pattern(bool causal) => (QueryLength == KeyLength, causal) switch
    {
        (true, false) => AttentionPatterns.NoncausalSelf,
        (true, true) => AttentionPatterns.CausalSelf,
        (false, false) => AttentionPatterns.NoncausalCross,
        (false, true) => AttentionPatterns.CausalCross,
    };

    /// <summary>The shape as test and bench names print it, such as <c>B2-H4-T500-D60</c> or <c>B1-H2-Tq3-Tk7-D8-Dv5</c>.</summary>
    public override string ToString()
    {
        var tokens = QueryLength == KeyLength ? $"T{QueryLength}" : $"Tq{QueryLength}-Tk{KeyLength}";
        return $"B{Batch}-H{Heads}-{tokens}-D{KeyDim}{(ValueDim == KeyDim ? "" : $"-Dv{ValueDim}")}";
    }
}
