using System.Collections.Concurrent;
using static TorchSharp.torch;

namespace Attn.Kernels;

/// <summary>
/// Exceptions from backward passes written in C#. libtorch cannot carry them (the process would abort), so such a pass keeps its
/// exception here and returns NaN gradients; <see cref="Backward"/> rethrows it.
/// </summary>
public static class BackwardFailures
{
    // A device's backward pass runs on a thread of libtorch's own, so no thread-local store would do.
    private static readonly ConcurrentQueue<Exception> Failures = new();

    /// <summary>Runs <c>loss.backward()</c> and rethrows what a C# backward pass met.</summary>
    /// <param name="loss">A scalar.</param>
    /// <exception cref="InvalidOperationException">A backward pass failed; the inner exception says how. Gradients are NaN.</exception>
    public static void Backward(Tensor loss)
    {
        Failures.Clear();
        loss.backward();
        ThrowIfAny();
    }

    /// <summary>Throws the first failure since the last call, for callers that ran <c>backward()</c> themselves.</summary>
    /// <exception cref="InvalidOperationException">A backward pass failed; the inner exception says how.</exception>
    public static void ThrowIfAny()
    {
        if (!Failures.TryDequeue(out var failure))
            return;
        Failures.Clear();
        throw new InvalidOperationException($"A backward pass failed and its gradients are NaN: {failure.Message}", failure);
    }

    internal static void Record(Exception failure) => Failures.Enqueue(failure);
}
