using Attn.Notebook.Formatting;
using Attn.Notebook.Tensors;
using static TorchSharp.torch;

namespace Attn.Notebook;

/// <summary>Attention weights to be shown: all heads side by side, one as a matrix to be zoomed, or one as lines between tokens.</summary>
public sealed class AttentionPattern : INotebookView
{
    /// <summary>A pattern. The tensor is read when the pattern is shown.</summary>
    /// <param name="weights">
    /// <c>[layers,B,H,Tq,Tk]</c> or <c>[B,H,Tq,Tk]</c> (the first of the batch is shown), <c>[H,Tq,Tk]</c> or <c>[Tq,Tk]</c>; real, on any device.
    /// </param>
    /// <param name="queryTokens">A name for each of the Tq rows.</param>
    /// <param name="keyTokens">A name for each of the Tk columns; null takes the queries' where Tq = Tk.</param>
    /// <exception cref="ArgumentException">Another rank, an empty or complex tensor, or names that are not as many as rows or columns.</exception>
    public AttentionPattern(Tensor weights, IReadOnlyList<string>? queryTokens = null, IReadOnlyList<string>? keyTokens = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.IsInvalid)
            throw new ArgumentException("weights: got a disposed tensor, needs a live one.", nameof(weights));
        if (weights.dim() is < 2 or > 5 || weights.numel() == 0 || weights.is_complex())
            throw new ArgumentException(
                $"weights: got {weights.dtype} {TensorHeader.Shape(weights)}, needs real values [layers,B,H,Tq,Tk], [B,H,Tq,Tk], [H,Tq,Tk] or [Tq,Tk].", nameof(weights));
        var (rows, columns) = (weights.size(-2), weights.size(-1));
        Check(nameof(queryTokens), queryTokens, rows, "queries");
        Check(nameof(keyTokens), keyTokens, columns, "keys");
        Layers = weights.dim() == 5 ? (int)weights.size(0) : 1;
        (Weights, QueryTokens, KeyTokens) = (weights, queryTokens, keyTokens ?? (rows == columns ? queryTokens : null));
    }

    /// <summary>The weights.</summary>
    public Tensor Weights { get; }

    /// <summary>How it is drawn at first.</summary>
    public PatternLayout Layout { get; init; }

    /// <summary>The rows' names; null when they have none.</summary>
    public IReadOnlyList<string>? QueryTokens { get; }

    /// <summary>The columns' names; null when they have none.</summary>
    public IReadOnlyList<string>? KeyTokens { get; }

    /// <summary>How many layers are drawn.</summary>
    internal int Layers { get; private init; }

    internal AttentionPattern WithLayers(int layers) => new(Weights, QueryTokens, KeyTokens) { Layout = Layout, Layers = layers };

    /// <inheritdoc/>
    public MimeBundle ToMimeBundle() => Weights.IsInvalid
        ? MimeBundle.Html("<em>an attention pattern whose tensor is disposed</em>", "an attention pattern whose tensor is disposed")
        : PatternView.Render(this);

    private static void Check(string argument, IReadOnlyList<string>? names, long count, string of)
    {
        if (names is not null && names.Count != count)
            throw new ArgumentException($"{argument}: got {names.Count} names for {count} {of}, needs as many.", argument);
    }
}
