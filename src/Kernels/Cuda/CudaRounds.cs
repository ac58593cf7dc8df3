using System.Diagnostics;
using static TorchSharp.torch;

namespace Attn.Kernels.Cuda;

/// <summary>
/// What a call takes on the GPU when many follow one another, by the GPU's clock: what it computes, or what the host takes to ask for it where that
/// is longer. All of Attn's times on GPUs come from here.
/// </summary>
public static class CudaRounds
{
    /// <summary>How many rounds a figure is the median of.</summary>
    public const int Count = 5;

    /// <summary>Calls of a round at most.</summary>
    public const int MostCalls = 1000;

    /// <summary>
    /// As many where gradients are computed: what autograd keeps for a call is freed when .NET's collector comes by, after a round and not at the
    /// call's end.
    /// </summary>
    public const int MostCallsWithGradients = 150;

    // A round of short calls lasts so long; of long ones it is one call.
    private const double Milliseconds = 40;

    // .NET compiles what it meets a few dozen times anew, and better; until then the host takes longer to ask than the GPU to answer.
    private static readonly TimeSpan Warming = TimeSpan.FromMilliseconds(300);

    /// <summary>The median time of a call in five rounds after a third of a second of them, milliseconds; tensors that it makes are freed.</summary>
    /// <param name="call">Asks the GPU for what is timed.</param>
    /// <param name="mostCalls">Calls of a round at most.</param>
    /// <param name="cancellation">Ends it between two rounds.</param>
    /// <exception cref="CudaException">There is no GPU, or its driver refuses.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static double Median(Action call, int mostCalls = MostCalls, CancellationToken cancellation = default)
    {
        using var timer = new CudaTimer();
        return Median(call, timer.Milliseconds, mostCalls, cancellation);
    }

    /// <summary>The same by another clock.</summary>
    /// <param name="call">What is timed.</param>
    /// <param name="milliseconds">The time of some work, which it does.</param>
    /// <param name="mostCalls">Calls of a round at most.</param>
    /// <param name="cancellation">Ends it between two rounds.</param>
    internal static double Median(Action call, Func<Action, double> milliseconds, int mostCalls, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostCalls, 1);
        Round(1); // A kernel may be compiled.
        var clock = Stopwatch.StartNew();
        var calls = 1;
        do
            calls = Math.Clamp((int)(Milliseconds / Round(calls)), 1, mostCalls);
        while (clock.Elapsed < Warming);
        return Enumerable.Range(0, Count).Select(_ => Round(calls)).Order().ElementAt(Count / 2);

        double Round(int calls)
        {
            cancellation.ThrowIfCancellationRequested();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return milliseconds(() =>
            {
                for (var i = 0; i < calls; i++)
                {
                    using var scope = NewDisposeScope();
                    call();
                }
            }) / calls;
        }
    }
}
