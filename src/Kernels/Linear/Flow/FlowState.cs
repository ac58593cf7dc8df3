using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// What Flow-Attention keeps of the tokens before: Σφ(k) and Σφ(q); Σφ(k)·n/O and Σφ(q)·m/I, each with the counts at its token;
/// the counts m of sources and n of sinks; z = log Σe^Ô; Σφ(k)ᵀv·c. All are missing but the counts, which are 0, when nothing was seen.
/// </summary>
internal sealed record FlowState(
    Tensor? Keys, Tensor? Queries, Tensor? KeysPerOutgoing, Tensor? QueriesPerIncoming, Tensor? Sources, Tensor? Sinks, Tensor? LogSum, Tensor? Sum)
{
    public const string Layout = "[B,H,F+1,Dv+4]";

    public static FlowState Empty { get; } = new(null, null, null, null, null, null, null, null);

    /// <summary>Reads a state as <see cref="Pack"/> writes it, checked.</summary>
    public static FlowState Of(Tensor? packed, Tensor q, long features, long width)
    {
        if (packed is null)
            return Empty;
        var state = DecayOperands.InitialState(packed, q, features + 1, width + 4, Layout);
        var vectors = state.narrow(2, 0, features);
        var numbers = state.narrow(2, features, 1);
        Tensor Vector(int i) => vectors.narrow(3, width + i, 1).transpose(-2, -1);
        Tensor Number(int i) => numbers.narrow(3, width + i, 1);
        return new(Vector(0), Vector(1), Vector(2), Vector(3), Number(0), Number(1), Number(2), vectors.narrow(3, 0, width));
    }

    /// <summary>
    /// <c>[B,H,F+1,Dv+4]</c>: Σφ(k)ᵀv·c; right of it the columns Σφ(k), Σφ(q), Σφ(k)·n/O, Σφ(q)·m/I; below these the numbers m, n, z and 0.
    /// </summary>
    public Tensor Pack()
    {
        var columns = cat([Keys!, Queries!, KeysPerOutgoing!, QueriesPerIncoming!], 2).transpose(-2, -1);
        var top = cat([Sum!, columns], 3);
        long[] blank = [top.size(0), top.size(1), 1, Sum!.size(3)];
        Tensor Zeros(params long[] shape) => zeros(shape, top.dtype, top.device);
        Tensor Number(Tensor number) => number.expand(top.size(0), top.size(1), 1, 1);
        var numbers = cat([Zeros(blank), Number(Sources!), Number(Sinks!), Number(LogSum!), Zeros(top.size(0), top.size(1), 1, 1)], 3);
        return cat([top, numbers], 2);
    }
}
