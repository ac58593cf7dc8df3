using Attn.Kernels.Cuda;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Attn's CUDA kernels of gated linear attention (<c>GatedWeighting.cu</c>, <c>GatedPass.cu</c>): bfloat16, D up to 128, gates a channel or a
/// token, sums in float32, on Hopper. Operands are weighted by their gates once; what is left is linear attention without a gate inside short
/// pieces, whose state decays between them. Not float16, whose exponents have no room for the weights.
/// </summary>
internal static class GatedKernel
{
    private const int Tile = 128, Width = 128, ValueBlock = 64;
    private const int WeightThreads = 1024, FinishThreads = 256, PassThreads = 384, CarryThreads = 256;

    // Channels a block of the last kernel.
    private const int FinishChannels = 32;

    // Parts of what a state and its gradient have in common, one a warp.
    private const int Warps = 8;

    // Kernels read four channels at a time.
    private const int Together = 4;

    // CUDA's bound on the second dimension of a grid, which counts sequences times heads.
    private const int MostSlices = 65_535;

    /// <summary>Whether a call can go to the kernels.</summary>
    public static bool Serves(Tensor q, Tensor logGate) =>
        q.dtype == ScalarType.BFloat16 && q.size(3) <= Width && q.size(0) * q.size(1) <= MostSlices
        && logGate.dtype is ScalarType.BFloat16 or ScalarType.Float32
        && CudaKernels.Serve(q) && CudaDevice.Current() is { Major: 9 } device && device.SharedBytes >= Bytes(Pass.Columns);

    /// <summary>The forward pass.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logGate"><c>[B,H,T,D]</c> or <c>[B,H,T,1]</c>, at most 0.</param>
    /// <param name="state"><c>[B,H,D,Dv]</c> in float32; zero when null.</param>
    /// <param name="scale">Factor on the queries.</param>
    /// <returns><c>[B,H,T,Dv]</c> in bfloat16 and the state after the last token, float32.</returns>
    public static (Tensor Output, Tensor State) Forward(Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? state, double scale)
    {
        using var scope = NewDisposeScope();
        var x = Weigh(q, k, logGate, scale);
        var (output, final) = Run(Pass.Rows, x, x.Q, x.K, Padded(v, ValueBlock), Wide(state, ValueBlock), reverse: false);
        return (
            Cut(output, 3, v.size(3)).MoveToOuterDisposeScope(),
            Cut(Cut(final, 2, q.size(3)), 3, v.size(3)).MoveToOuterDisposeScope());
    }

    /// <summary>The gradients of q, k, v, log gates and the initial state. Arguments as <see cref="Forward"/>'s, and the gradients of its results.</summary>
    /// <param name="q"><c>[B,H,T,D]</c>.</param>
    /// <param name="k"><c>[B,H,T,D]</c>.</param>
    /// <param name="v"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="logGate"><c>[B,H,T,D]</c> or <c>[B,H,T,1]</c>.</param>
    /// <param name="state"><c>[B,H,D,Dv]</c>; zero when null.</param>
    /// <param name="scale">Factor on the queries.</param>
    /// <param name="outputGradient"><c>[B,H,T,Dv]</c>.</param>
    /// <param name="finalGradient"><c>[B,H,D,Dv]</c>; zero when null.</param>
    public static (Tensor Q, Tensor K, Tensor V, Tensor LogGate, Tensor State) Backward(
        Tensor q, Tensor k, Tensor v, Tensor logGate, Tensor? state, double scale, Tensor outputGradient, Tensor? finalGradient)
    {
        using var scope = NewDisposeScope();
        var x = Weigh(q, k, logGate, scale);
        var (values, gradient) = (Padded(v, Width), Padded(outputGradient, Width));
        var (start, later) = (Wide(state, Width), Wide(finalGradient, Width));

        // With S_t = α_tS_{t−1} + k_tᵀv_t and o_t = q_tS_t: dq_t = do_tS_tᵀ is a pass with values k, dk_t = v_tG_tᵀ and dv_t = k_tG_t are passes against the
        // order, whose state is the gradient G_t = q_tᵀdo_t + α_{t+1}G_{t+1}. Sums over Dv can be taken part by part.
        Tensor? dwq = null, dwk = null, met = null;
        for (var part = 0L; part < values.size(3); part += Width)
        {
            var (some, given) = (Slice(values, part), Slice(gradient, part));
            var kept = new Kept(x);
            var (ofQ, _) = Run(Pass.Columns, x, given, some, x.K, Turned(start, part), reverse: false, kept);
            var (ofK, _) = Run(Pass.Columns, x, some, given, x.Q, Turned(later, part), reverse: true, kept);
            (dwq, dwk, met) = (dwq?.add_(ofQ) ?? ofQ, dwk?.add_(ofK) ?? ofK, met?.add_(kept.Met) ?? kept.Met);
        }
        var (dv, first) = Run(Pass.Rows, x, x.K, x.Q, gradient, later, reverse: true);

        var perToken = x.GateDim == 0;
        var dim = (int)x.Dim;
        var (dq, dk) = (empty([.. x.Tokens, dim], q.dtype, q.device), empty([.. x.Tokens, dim], q.dtype, q.device));
        var gate = empty([.. x.Tokens, dim], perToken ? ScalarType.Float32 : logGate.dtype, q.device);
        CudaModule.Of("GatedWeighting.cu").Kernel("finish_gradients").Launch(
            (ScanSegments.Up(dim, FinishChannels), x.Slices, x.Tiles), FinishThreads,
            x.Q, x.K, dwq, dwk, x.Gate, x.Pieces, met, dq, dk, gate, x.Length, dim, x.GateDim, x.GateIsFloat, (float)scale);
        return (
            Cut(dq, 3, q.size(3)).MoveToOuterDisposeScope(), Cut(dk, 3, q.size(3)).MoveToOuterDisposeScope(), Cut(dv, 3, v.size(3)).MoveToOuterDisposeScope(),
            (perToken ? gate.sum(-1, keepdim: true) : Cut(gate, 3, q.size(3))).MoveToOuterDisposeScope(),
            Cut(Cut(first, 2, q.size(3)), 3, v.size(3)).MoveToOuterDisposeScope());

        static Tensor Slice(Tensor tensor, long part) =>
            tensor.size(3) == Width ? tensor : tensor.narrow(3, part, Width).contiguous();

        static Tensor? Turned(Tensor? state, long part) => state?.narrow(3, part, Width).transpose(-2, -1).contiguous();
    }

    /// <summary>Operands weighted by their gates, with 128 channels, and what the passes need to know of the gates.</summary>
    private sealed record Weighted(
        Tensor Q, Tensor K, Tensor Gate, Tensor Totals, Tensor Pieces, long[] Tokens, int Slices, int Length, int Tiles, long Dim, int GateDim, bool GateIsFloat);

    /// <summary>What a pass over the tokens leaves for the one back: the states after each tile, as threads hold them, and where those meet their gradients.</summary>
    private sealed class Kept(Weighted x)
    {
        public Tensor States { get; } = empty([x.Slices, x.Tiles, Width, Width], ScalarType.BFloat16, x.Q.device);

        public Tensor Met { get; } = empty([x.Slices, x.Tiles, Warps, Width], ScalarType.Float32, x.Q.device);
    }

    /// <summary>The kinds of a pass: gates of the state's rows, whose output is in bfloat16, or of its columns, whose output is in float32.</summary>
    private enum Pass
    {
        Rows,
        Columns,
    }

    private static Weighted Weigh(Tensor q, Tensor k, Tensor logGate, double scale)
    {
        var perToken = logGate.size(3) == 1 && q.size(3) > 1;
        var (qs, ks, gate) = (Padded(q, Together), Padded(k, Together), perToken ? CudaKernel.Readable(logGate) : Padded(logGate, Together));
        long[] tokens = [q.size(0), q.size(1), q.size(2)];
        var (slices, length, dim) = ((int)(tokens[0] * tokens[1]), (int)tokens[2], (int)qs.size(3));
        var tiles = ScanSegments.Up(length, Tile);
        var x = new Weighted(
            empty([.. tokens, Width], q.dtype, q.device), empty([.. tokens, Width], q.dtype, q.device), gate,
            empty([slices, tiles, Width], ScalarType.Float32, q.device), empty([slices, tiles], ScalarType.Int32, q.device),
            tokens, slices, length, tiles, dim, perToken ? 0 : dim, gate.dtype == ScalarType.Float32);
        CudaModule.Of("GatedWeighting.cu").Kernel("weight_operands").Launch(
            (tiles, slices, 1), WeightThreads,
            qs, ks, gate, x.Q, x.K, x.Totals, x.Pieces, length, dim, x.GateDim, x.GateIsFloat, (float)scale);
        return x;
    }

    /// <summary>One pass over the tokens, or back: <c>q, k [B,H,T,128]</c>, <c>v [B,H,T,Dv]</c>, whole blocks of values.</summary>
    private static (Tensor Output, Tensor Final) Run(Pass pass, Weighted x, Tensor q, Tensor k, Tensor v, Tensor? initial, bool reverse, Kept? kept = null)
    {
        var device = CudaDevice.Current();
        var values = (int)v.size(3);
        var output = empty([.. x.Tokens, values], pass == Pass.Columns ? ScalarType.Float32 : q.dtype, q.device);
        var final = empty([x.Tokens[0], x.Tokens[1], Width, values], ScalarType.Float32, q.device);
        var part = ScanSegments.Length(x.Length, Tile, x.Slices * (values / ValueBlock), device.Processors) / Tile;
        var segments = ScanSegments.Up(x.Tiles, part);
        string[] macros = pass == Pass.Columns ? ["COLUMNS"] : [];
        if (segments > 1)
        {
            var starts = empty([x.Slices, segments, Width, values], ScalarType.Float32, q.device);
            var module = CudaModule.Of("GatedPass.cu", [.. macros, "STATES_ONLY"]);
            Launch(module.Kernel("gated_pass", Bytes(null)), segments - 1, null, null, starts);
            module.Kernel("carry_gated_states").Launch(
                (Width * values / CarryThreads, x.Slices, 1), CarryThreads, starts, initial, x.Totals, segments, x.Tiles, values, part, reverse);
            initial = starts;
        }
        Launch(CudaModule.Of("GatedPass.cu", macros).Kernel("gated_pass", Bytes(pass)), segments, initial, output, final);
        return (output, final);

        void Launch(CudaKernel kernel, int parts, Tensor? from, Tensor? to, Tensor state) => kernel.Launch(
            (values / ValueBlock, x.Slices, parts), PassThreads,
            q, k, v, x.Gate, x.Totals, x.Pieces, from, to, state, kept?.States, kept?.Met, x.Length, values, part, reverse, x.GateDim, x.GateIsFloat);
    }

    /// <summary>Shared memory of a pass; null for one that only wants the state.</summary>
    private static int Bytes(Pass? pass)
    {
        const int Panel = Tile * 128, Scales = 2 * Width * sizeof(float), Steps = 2 * 16, Barriers = 4 * 8, Alignment = 1024;
        // Two stages of q and k in two panels each, v in one, and a state that was kept; and two states.
        var panels = pass switch { null => 2 * 3 + 2, Pass.Rows => 2 * 5 + 2, _ => 2 * 6 + 2 };
        return panels * Panel + Scales + Steps + Barriers + Alignment;
    }

    private static Tensor? Wide(Tensor? state, int block) => state is null ? null : nn.functional.pad(
        state, [0, ScanSegments.Up(state.size(3), block) * block - state.size(3), 0, Width - state.size(2)]).contiguous();

    private static Tensor Padded(Tensor tensor, int multiple)
    {
        var missing = ScanSegments.Up(tensor.size(3), multiple) * multiple - tensor.size(3);
        return CudaKernel.Readable(missing == 0 ? tensor : nn.functional.pad(tensor, [0, missing]));
    }

    private static Tensor Cut(Tensor tensor, int dimension, long size) => tensor.size(dimension) == size ? tensor : tensor.narrow(dimension, 0, size);
}
