using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>The tensors of one attention call.</summary>
/// <param name="Q">Queries, <c>[B,H,Tq,D]</c>.</param>
/// <param name="K">Keys, <c>[B,H,Tk,D]</c>.</param>
/// <param name="V">Values, <c>[B,H,Tk,Dv]</c>.</param>
public sealed record AttentionInputs(Tensor Q, Tensor K, Tensor V)
{
    /// <summary>The mechanism's further tensors by name, such as <c>logGate [B,H,T,D]</c>; see <see cref="AttentionMechanism.Extras"/>.</summary>
    public IReadOnlyDictionary<string, Tensor> Extra { get; init; } = new Dictionary<string, Tensor>();

    /// <summary>State to start from, <c>[B,H,D,Dv]</c> for the linear family; null starts from zero.</summary>
    public Tensor? InitialState { get; init; }

    /// <summary>Whether a query may see only keys at or before its own place.</summary>
    public bool Causal { get; init; }

    /// <summary>The shape of the problem, read off the tensors.</summary>
    public AttentionShape Shape => new(
        (int)Q.shape[0], (int)Q.shape[1], (int)Q.shape[2], (int)K.shape[2], (int)Q.shape[3], (int)V.shape[3]);
}

/// <summary>What an attention call gives.</summary>
/// <param name="Output"><c>[B,H,Tq,Dv]</c>.</param>
/// <param name="State">The state after the last token, for mechanisms that have one; else null.</param>
public sealed record AttentionOutput(Tensor Output, Tensor? State = null);
